"""While an advisor writes, without scripts and as the page's script asks: nothing is lost, and nothing is sent."""

import asyncio
import re
from typing import Any

import pytest
from httpx2 import Response

from service.web.app import routes
from tests.door import Door
from tests.service.web.browser import Browser, as_person, text_of
from tests.service.web.test_drafting import CANCEL, OWN, edited, path_of, version_in, versions


@pytest.fixture(scope="module")
def door(shared_door: Door) -> Door:
    return shared_door


@pytest.fixture
def bob(door: Door) -> Browser:
    return as_person(door)


@pytest.fixture
def found(door: Door) -> dict[str, Any]:
    return door.triage(body=CANCEL)


def kept(page: Response) -> int:
    number: int = page.json()["version"]
    return number


def test_what_is_typed_is_kept_as_one_version_a_sitting(door: Door, bob: Browser, found: dict[str, Any]) -> None:
    bob.get(path_of(found))
    page, version = bob.last, "0"
    assert page
    for text in ("Bonjour,", f"Bonjour,\n\n{OWN}", f"Bonjour,\r\n\r\n{OWN} Vraiment."):
        bob.last = page
        version = str(kept(bob.post(f"{path_of(found)}/autosave", text=text, version=version)))
    assert [one.origin for one in versions(door, found)] == ["triage", "advisor"]
    assert edited(bob.get(path_of(found))) == f"Bonjour,\n\n{OWN} Vraiment."
    history = asyncio.run(door.desk.messages.history(found["id"]))
    assert [event.kind for event in history].count("draft_saved") == 1


def test_a_script_that_saves_on_an_older_version_is_told_and_loses_nothing(
    door: Door, bob: Browser, found: dict[str, Any]
) -> None:
    eve = as_person(door)
    bob.get(path_of(found))
    eve.post(f"{path_of(found)}/draft", page=path_of(found), text="Le texte d'Eve.", version="0")
    refused = bob.post(f"{path_of(found)}/autosave", text=OWN, version="0")
    assert refused.status_code == 409
    assert "plus récente" in refused.json()["told"]
    assert edited(bob.get(path_of(found))) == "Le texte d'Eve."
    too_long = bob.post(f"{path_of(found)}/autosave", text="x" * 100_001, version="1")
    assert (too_long.status_code, "trop long" in too_long.json()["told"]) == (422, True)
    bob.get(path_of(found))
    assert bob.post(f"{path_of(found)}/autosave", text=" \r\n ", version="1").status_code == 200
    assert [one.origin for one in versions(door, found)] == ["triage", "advisor"]


def test_a_session_that_ended_is_no_saved_text(door: Door, bob: Browser, found: dict[str, Any]) -> None:
    bob.get(path_of(found))
    bob.client.cookies.clear()
    assert bob.post(f"{path_of(found)}/autosave", text=OWN, version="0").status_code in {401, 403}


def test_answers_are_found_and_put_after_what_was_typed(door: Door, bob: Browser, found: dict[str, Any]) -> None:
    path = path_of(found)
    page = bob.post(
        f"{path}/answers", page=path, text=f"Bonjour,\r\n\r\n{OWN}", version="0", asked="prélèvements rejetés"
    )
    assert edited(page) == f"Bonjour,\n\n{OWN}"
    (first, *_) = re.findall(r'name="answer" value="([^"]+)"', page.text)
    library = {one.id: one for one in asyncio.run(door.desk.answers.list("club-horizon-auto"))}
    assert re.search(r"pr[ée]l[èe]vement", f"{library[first].title} {library[first].body}", re.IGNORECASE)
    whole = bob.post(f"{path}/insert", text=edited(page), version=version_in(page), answer=first)
    assert edited(whole) == f"Bonjour,\n\n{OWN}\n\n{library[first].body}"
    assert len(versions(door, found)) == 1
    assert bob.post(f"{path}/insert", page=path, text="x", answer="nonsense").status_code == 404
    part = bob.get(f"{path}/answers?asked=pr%C3%A9l%C3%A8vement")
    assert "<html" not in part.text
    assert first in part.text
    assert "Aucune réponse type" in text_of(bob.get(f"{path}/answers?asked=zorglubine"))


def offered(part: Response) -> list[str]:
    """Ids of the answers that the part of a page offers, in order."""
    return re.findall(r'name="answer" value="([^"]+)"', part.text)


def test_before_a_word_is_typed_the_answers_that_fit_best_are_offered(
    door: Door, bob: Browser, found: dict[str, Any]
) -> None:
    part = bob.get(f"{path_of(found)}/answers?asked=")
    ours = [one for one in found["answers_ranked"] if one.startswith("resiliation")]
    assert found["queue"]["id"] == "resiliation"
    assert offered(part)[: len(ours)] == ours
    assert "Résiliation" in text_of(part)
    unsure = door.triage(body="Bonjour, je voudrais changer.")
    assert unsure["queue"] is None
    asked = bob.get(f"{path_of(unsure)}/answers?asked=")
    assert offered(asked)[:10] == unsure["answers_ranked"][:10]
    assert "Les 20 premières sur 94" in text_of(asked)


def test_an_account_without_answers_says_so(small_door: Door) -> None:
    asyncio.run(small_door.desk.answers.import_("petit", [], "lead"))
    message = small_door.triage(body="Où est ma facture ?")
    part = as_person(small_door).get(f"{path_of(message)}/answers?asked=")
    assert "Ce compte n'a encore aucune réponse type." in text_of(part)


def test_a_draft_is_handed_over_once_nothing_is_left_to_fill(door: Door, bob: Browser, found: dict[str, Any]) -> None:
    path = path_of(found)
    refused = bob.post(f"{path}/ready", page=path, text="Bonjour {prenom},", version="0")
    assert refused.status_code == 409
    assert "accolades" in text_of(refused)
    assert edited(refused) == "Bonjour {prenom},"
    page = bob.post(f"{path}/ready", text=OWN, version=version_in(refused))
    assert "prêt pour le CRM" in text_of(page)
    last = door.get(f"/v1/messages/{found['id']}/drafts").json()["items"][-1]
    assert (last["ready_by"], last["draft"]["body"]) == (last["by"], OWN)
    bob.post(f"{path}/draft", page=path, text=f"{OWN} Encore.", version=str(last["number"]))
    drafts = door.get(f"/v1/messages/{found['id']}/drafts").json()["items"]
    assert [bool(one["ready_at"]) for one in drafts[-2:]] == [True, False]
    assert "n'est plus proposé" in text_of(bob.post(f"{path}/unready", page=path))
    assert not any(one["ready_at"] for one in door.get(f"/v1/messages/{found['id']}/drafts").json()["items"])
    kinds = [event.kind for event in asyncio.run(door.desk.messages.history(found["id"]))]
    assert [kinds.count("draft_handed_over"), kinds.count("draft_taken_back")] == [1, 1]


def test_a_webhook_hears_of_a_draft_that_is_ready(door: Door, bob: Browser, found: dict[str, Any]) -> None:
    wanted = {"url": "https://crm.example.com/x", "events": ["draft.ready"]}
    made = door.post("/v1/webhooks", wanted)
    assert made.status_code < 300, made.text
    bob.post(f"{path_of(found)}/ready", page=path_of(found), text=OWN, version="0")
    told = door.get(f"/v1/webhooks/{made.json()['webhook']['id']}/deliveries").json()["items"]
    assert [(one["kind"], one["message_id"]) for one in told] == [("draft.ready", found["id"])]


def test_findings_say_what_the_source_says_beside_the_text(bob: Browser, found: dict[str, Any]) -> None:
    text = "Bonjour,\n\nVous serez remboursé de 1 234,56 € sous 3 jours."
    page = bob.post(f"{path_of(found)}/draft", page=path_of(found), text=text, version="0")
    assert '<mark class="finding' in page.text
    assert re.search(r'<p class="note \w+"><q><bdi>1 234,56', page.text)


def test_no_route_of_the_pages_sends_anything() -> None:
    assert not [path for _, path in routes() if re.search(r"send|mail|deliver|dispatch|transmit", path)]
