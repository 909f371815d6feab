"""Whatever a customer writes is text, on every page that shows it."""

import asyncio
import re

import pytest

from service.desk.quality.auditing import Asked
from service.web.pages import TEMPLATES
from tests.door import Door
from tests.service.web.browser import Browser, as_person

CANCEL = "Je souhaite résilier mon adhésion au club avant la fin du mois."
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)><style>body{display:none}</style>\n"
    "{{ 7*7 }} {% raw %} javascript:alert(3) \u202egnihtyna\u202c \x00 ]]> --><svg/onload=alert(4)>\n"
    "Je souhaite résilier mon adhésion."
)


@pytest.fixture
def bob(small_door: Door) -> Browser:
    return as_person(small_door, "advisor", "Bob")


def test_hostile_words_are_shown_as_text(small_door: Door, bob: Browser) -> None:
    sender = {"name": "<script>alert(5)</script>\u202e", "address": '"><script>alert(6)</script>@example.org'}
    found = small_door.triage(subject=HOSTILE.replace("\n", " "), body=HOSTILE, sender=sender)["id"]
    for path in (
        "/",
        f"/messages/{found}",
        f"/?queue={HOSTILE[:25]}&language=%22%3E%3Cscript%3E",
        "/audit?actor=<script>",
    ):
        page = bob.get(path) if not path.startswith("/audit") else as_person(small_door, "lead").get(path)
        for word in ("<script>alert", "<img src=x", "<style>body", "<svg/onload", '"><script>'):
            assert word not in page.text
        assert "style=" not in page.text
        assert " onclick=" not in page.text
    shown = bob.get(f"/messages/{found}")
    assert "&lt;script&gt;alert(1)" in shown.text
    assert "{{ 7*7 }}" in shown.text


def test_hostile_words_are_text_to_those_who_lead_and_label_too(small_door: Door, bob: Browser) -> None:
    """A contested correction of it, a proposal from it, a blind label and a disagreement about it."""
    found = small_door.triage(subject=HOSTILE.replace("\n", " "), body=f"{CANCEL}\n{HOSTILE}")["id"]
    small_door.triage(body=f"{CANCEL} {HOSTILE}")
    lead, eve = as_person(small_door, "lead", "Lou"), as_person(small_door, "quality", "<script>alert('Eve')</script>")
    audits = small_door.desk.workbench.quality.audits
    asked = Asked("<script>alert('a')</script>", ("Bob", "<script>alert('Eve')</script>"), 2, "simple")
    audit = asyncio.run(audits.draw("petit", asked, by="Lou")).id
    label = f"/quality/audits/{audit}/label"
    seen = [bob.get(label), lead.get(f"/answers/propose?message={found}"), lead.get("/quality/audits")]
    for reader, queue in ((bob, "departs"), (eve, "factures")):
        for one in asyncio.run(audits.open(None, audit)).items:
            reader.post(label, page=label, message=one.message_id, queue=queue)
    bob.post(f"/messages/{found}/queue", page=f"/messages/{found}", queue="factures", comment=HOSTILE[:60])
    paths = (f"/quality/audits/{audit}", f"/quality/audits/{audit}/disputes", "/corrections", "/people", "/audit")
    seen += [lead.get(path) for path in paths if path != "/people"] + [as_person(small_door, "admin").get("/people")]
    for page in seen:
        assert page.status_code == 200
        for word in ("<script>alert", "<img src=x", "<style>body", "<svg/onload"):
            assert word not in page.text


def test_no_template_takes_words_for_markup() -> None:
    templates = [path.read_text("utf-8") for path in TEMPLATES.glob("*.html")]
    assert templates
    assert not [text for text in templates if re.search(r"\|\s*safe\b|autoescape", text)]
