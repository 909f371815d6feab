"""The draft on a message's page, without scripts: its last version, edited, saved, made anew; nothing typed is lost."""

import asyncio
import re
from html import unescape
from typing import Any

import pytest
from httpx2 import Response

from service.domain.version import DraftVersion
from tests.door import Door
from tests.service.web.browser import Browser, as_person, text_of

CANCEL = "Bonjour,\n\nJe souhaite résilier mon adhésion au club. Comment faire ?\n\nJeanne Roy"
TWO = "Je souhaite résilier mon adhésion au club. Par ailleurs, j'ai déménagé : ma nouvelle adresse est 3 rue du Port."
OWN = "Je m'en occupe moi-même dès demain, chère Madame."


@pytest.fixture
def bob(door: Door) -> Browser:
    return as_person(door, "advisor", "Bob")


@pytest.fixture
def found(door: Door) -> dict[str, Any]:
    return door.triage(body=CANCEL)


def path_of(found: dict[str, Any]) -> str:
    return f"/messages/{found['id']}"


def versions(door: Door, found: dict[str, Any]) -> list[DraftVersion]:
    return asyncio.run(door.desk.drafts.list(found["id"]))


def edited(page: Response) -> str:
    """What stands in the field where an advisor writes."""
    area = re.search(r'<textarea id="text"[^>]*>\n?(.*?)</textarea>', page.text, re.DOTALL)
    assert area, page.text[:500]
    return unescape(area[1])


def version_in(page: Response) -> str:
    number = re.search(r'name="version" value="(\d+)"', page.text)
    assert number
    return number[1]


def test_the_page_starts_from_the_triages_draft(bob: Browser, found: dict[str, Any]) -> None:
    page = bob.get(path_of(found))
    assert (edited(page), version_in(page)) == (found["draft"]["body"], "0")


def test_the_page_names_what_the_draft_as_a_whole_lacks_and_which_ask_a_paragraph_answers(
    door: Door, bob: Browser
) -> None:
    asked = door.triage(body=TWO)
    page = bob.get(path_of(asked))
    whole = [one["detail"] for one in asked["draft"]["findings"] if not one["end"] and one["kind"] != "left_out"]
    assert all(detail in text_of(page) for detail in whole)
    answered = [one["text"] for one in asked["asks"] if one["answered_by"]]
    assert len(asked["asks"]) > 1
    assert text_of(page).count("répond à") >= len(answered) >= 1


def test_a_saved_text_is_the_version_that_the_page_then_shows(door: Door, bob: Browser, found: dict[str, Any]) -> None:
    body = found["draft"]["body"].replace("\n", "\r\n")
    page = bob.post(f"{path_of(found)}/draft", page=path_of(found), text=f"{body}\r\n\r\n{OWN}", version="0")
    assert "enregistré" in text_of(page)
    assert edited(page) == f"{found['draft']['body']}\n\n{OWN}"
    assert "écrit par une personne" in text_of(page)
    assert version_in(page) == "1"
    last = versions(door, found)[-1]
    assert (last.origin, last.by, len(last.draft.paragraphs) - 1) == ("advisor", "Bob", last.locked[0])


def test_who_saves_on_an_older_version_sees_both_texts(door: Door, bob: Browser, found: dict[str, Any]) -> None:
    eve = as_person(door, "advisor", "Eve")
    bob.get(path_of(found))
    eve.post(f"{path_of(found)}/draft", page=path_of(found), text="Le texte d'Eve.", version="0")
    page = bob.post(f"{path_of(found)}/draft", text=f"<b>{OWN}</b>", version="0")
    assert page.status_code == 409
    assert "plus récente" in text_of(page)
    assert "Le texte d'Eve." in text_of(page)
    assert edited(page) == f"<b>{OWN}</b>"
    both = bob.post(f"{path_of(found)}/draft", text=f"Le texte d'Eve.\n\n{OWN}", version=version_in(page))
    assert edited(both) == f"Le texte d'Eve.\n\n{OWN}"
    assert [one.by for one in versions(door, found)] == ["", "Eve", "Bob"]


def test_a_wish_makes_another_draft_and_keeps_what_the_advisor_wrote(
    door: Door, bob: Browser, found: dict[str, Any]
) -> None:
    text = f"{found['draft']['body']}\n\n{OWN}"
    page = bob.post(f"{path_of(found)}/wish", page=path_of(found), text=text, version="0", wish="plus formel")
    assert "refait" in text_of(page)
    assert OWN in edited(page)
    assert edited(page) != text
    assert "plus formel" in text_of(page)
    assert [one.origin for one in versions(door, found)] == ["triage", "advisor", "wish"]


def test_a_wish_that_is_not_understood_is_told_with_its_cure(door: Door, bob: Browser, found: dict[str, Any]) -> None:
    page = bob.post(f"{path_of(found)}/wish", page=path_of(found), text=OWN, version="0", said="en vers")
    assert page.status_code == 422
    assert "plus court" in text_of(page).split("Ce qui est compris")[1]
    assert "AIGUILLEUR_MODEL" in page.text
    assert edited(page) == OWN
    assert 'value="en vers"' in page.text
    assert len(versions(door, found)) == 1


def test_a_wish_that_changes_nothing_says_so_in_its_own_words(door: Door, bob: Browser, found: dict[str, Any]) -> None:
    page = bob.post(f"{path_of(found)}/wish", page=path_of(found), text=OWN, version="0", wish="plus court")
    assert page.status_code == 422
    assert "Rien à retirer de ce brouillon" in text_of(page)
    assert "pas compris" not in text_of(page)
    assert edited(page) == OWN


@pytest.mark.parametrize(("text", "told"), [(" \r\n ", "pas de texte"), ("mot " * 25_001, "trop long")])
def test_a_text_that_cannot_be_saved_is_given_back(bob: Browser, found: dict[str, Any], text: str, told: str) -> None:
    page = bob.post(f"{path_of(found)}/draft", page=path_of(found), text=text, version="0")
    assert page.status_code == 422
    assert told in text_of(page)
    assert edited(page).strip() == text.strip()


def test_the_sent_reply_stands_beside_the_version_that_it_was_made_from(
    door: Door, bob: Browser, found: dict[str, Any]
) -> None:
    bob.post(f"{path_of(found)}/wish", page=path_of(found), wish="plus formel", version="0")
    shown = edited(bob.get(path_of(found)))
    bob.post(f"{path_of(found)}/reply", text=shown, version=version_in(bob.get(path_of(found))))
    comparison = door.get(f"/v1/messages/{found['id']}").json()["comparison"]
    assert comparison["verdict"] == "kept"
    assert edited(bob.get(path_of(found))) == shown


def test_a_text_saved_after_a_reply_is_what_the_page_goes_on_with(bob: Browser, found: dict[str, Any]) -> None:
    bob.post(f"{path_of(found)}/reply", page=path_of(found), text="Bonjour, c'est fait.", version="0")
    assert edited(bob.get(path_of(found))) == "Bonjour, c'est fait."
    assert edited(bob.post(f"{path_of(found)}/draft", text=OWN, version="0")) == OWN


@pytest.mark.parametrize("number", ["", "x", "²", "9" * 400])
def test_a_version_that_is_no_number_starts_from_the_last(bob: Browser, found: dict[str, Any], number: str) -> None:
    assert edited(bob.post(f"{path_of(found)}/draft", page=path_of(found), text=OWN, version=number)) == OWN


def test_a_draft_of_another_account_is_not_there(door: Door, found: dict[str, Any]) -> None:
    from tests.service.web.test_desk import make_account

    asyncio.run(make_account(door, "autre"))
    eve = as_person(door, "advisor", "Eve", only=["autre"])
    for verb in ("draft", "wish"):
        assert eve.post(f"{path_of(found)}/{verb}", page="/me", text=OWN).status_code == 404
    assert len(versions(door, found)) == 1
