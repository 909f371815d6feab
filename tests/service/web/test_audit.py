"""What was done, on a page and in a file."""

import asyncio
import csv
import io

import pytest

from service.desk.people.audit import KINDS
from service.desk.spreadsheet import guarded, line_of
from service.phrases import load_phrases
from service.settings import PROMPTS
from tests.door import Door
from tests.service.web.browser import Browser, as_person, text_of


@pytest.fixture
def ada(door: Door) -> Browser:
    return as_person(door, "admin", "Ada")


def rows(browser: Browser, query: str = "") -> list[dict[str, str]]:
    response = browser.get(f"/audit.csv{query}")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_a_change_is_told_with_who_when_before_and_after(door: Door, ada: Browser) -> None:
    asyncio.run(door.desk.workbench.people.add("Bob", "advisor", by="Ada"))
    ada.post("/people/role", page="/people", name="Bob", role="lead")
    text = text_of(ada.get("/audit?kind=role_changed"))
    assert '{"name": "Bob", "role": "advisor"}' in text
    assert '{"name": "Bob", "role": "lead"}' in text
    (row,) = rows(ada, "?kind=role_changed")
    assert (row["actor"], row["before"], row["after"]) == (
        "Ada", '{"name": "Bob", "role": "advisor"}', '{"name": "Bob", "role": "lead"}',
    )  # fmt: skip


def test_filters_and_pages(door: Door, ada: Browser) -> None:
    for number in range(60):
        asyncio.run(door.desk.workbench.people.add(f"p{number}", "advisor", by="Zoé"))
    assert len(rows(ada, "?actor=Zo%C3%A9")) == 60
    page = ada.get("/audit?actor=Zo%C3%A9")
    following = page.text.split('rel="next"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    assert "p0" in text_of(ada.get(following))
    assert "Rien de tel" in text_of(ada.get("/audit?until=2001-01-01"))
    assert len(rows(ada, "?actor=Zo%C3%A9&since=2001-01-01")) == 60
    assert ada.get("/audit?since=nonsense").status_code in {200, 422}


def test_a_name_that_is_a_formula_is_text_in_the_file(door: Door, ada: Browser) -> None:
    asyncio.run(door.desk.workbench.people.add("=HYPERLINK(1)", "advisor", by="@SUM(A1)"))
    (row,) = rows(ada, "?actor=@SUM(A1)")
    assert row["actor"] == "'@SUM(A1)"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_what_a_spreadsheet_would_run_is_quoted(start: str) -> None:
    assert guarded(f"{start}1+1") == f"'{start}1+1"
    assert guarded("1+1; a=b") == "1+1; a=b"


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_french_spreadsheet_runs_nothing_after_a_semicolon_either(start: str) -> None:
    assert line_of([f"a; {start}1+1", f"b\t{start}1"]) == f"a; '{start}1+1,b\t'{start}1\r\n"


def test_a_lead_of_one_account_reads_of_that_account_alone(door: Door) -> None:
    door.triage(body="Je souhaite résilier.")
    lead = as_person(door, "lead", "Lou", only=["club-horizon-auto"])
    told = rows(lead)
    assert told
    assert {row["account"] for row in told} == {"club-horizon-auto"}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_kind_of_event_has_a_name(language: str) -> None:
    phrases = load_phrases(PROMPTS, language)
    assert [kind for kind in KINDS if f"web.event.{kind}" not in phrases] == []
