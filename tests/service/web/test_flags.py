"""Flags on a message's page: toggles without scripts, one click each."""

import asyncio
import re

import pytest

from tests.door import Door
from tests.service.web.browser import Browser, as_person, text_of

CANCEL = "Bonjour,\n\nJe souhaite résilier mon adhésion au club. Comment faire ?\n\nJeanne Roy"


@pytest.fixture
def bob(door: Door) -> Browser:
    return as_person(door, "advisor", "Bob")


def pressed(page: str) -> dict[str, str]:
    """The toggles of the page, and whether each is up."""
    return dict(re.findall(r'value="(\w+)" aria-pressed="(\w+)"', page))


def test_one_click_puts_a_flag_right_and_the_desk_goes_by_it(door: Door, bob: Browser) -> None:
    found = door.triage(subject="Départ", body=CANCEL)
    path = f"/messages/{found['id']}"
    before = pressed(bob.get(path).text)
    assert before == dict.fromkeys(("chaser", "urgent", "sensitive", "legal_threat", "callback"), "false")
    up = bob.post(f"{path}/flags", up="urgent")
    assert pressed(up.text) == before | {"urgent": "true"}
    assert "Le signal est ajouté" in text_of(up)
    assert "Signaux vus par Bob" in text_of(up)
    assert "Départ" in text_of(bob.get("/?flag=urgent"))
    case = asyncio.run(door.desk.messages.get(found["id"]))
    assert (case.queue, case.correction, case.flags) == ("resiliation", None, ("urgent",))
    bob.get(path)
    down = bob.post(f"{path}/flags", down="urgent")
    assert (pressed(down.text), "retiré" in text_of(down)) == (before, True)
    assert "Départ" not in text_of(bob.get("/?flag=urgent"))
    assert "signaux corrigés" in text_of(bob.get(path))


def test_a_call_is_proposed_once_a_person_says_that_one_is_asked_for(door: Door, bob: Browser) -> None:
    path = f"/messages/{door.triage(body=CANCEL)['id']}"
    quiet = bob.get(path)
    asked = bob.post(f"{path}/flags", up="callback")
    opened = '<details class="calls" open>'
    assert (opened in quiet.text, opened in asked.text) == (False, True)


def test_who_may_not_correct_sees_the_flags_and_cannot_change_them(door: Door, bob: Browser) -> None:
    path = f"/messages/{door.triage(body=CANCEL)['id']}"
    bob.post(f"{path}/flags", page=path, up="sensitive")
    eve = as_person(door, "quality", "Eve")
    seen = eve.get(path)
    assert (pressed(seen.text), "sensible" in text_of(seen)) == ({}, True)
    assert eve.post(f"{path}/flags", up="urgent").status_code == 403


def test_a_flag_that_is_not_there_is_a_page_that_says_so(door: Door, bob: Browser) -> None:
    path = f"/messages/{door.triage(body=CANCEL)['id']}"
    refused = bob.post(f"{path}/flags", page=path, up="loud")
    assert (refused.status_code, "Ce signal n'existe pas" in text_of(refused)) == (422, True)
