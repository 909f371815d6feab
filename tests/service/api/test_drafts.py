"""Versions of a draft, the sent reply beside it, and what became of canned answers, through HTTP."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import GivenSettings
from tests.door import Door, fields_of, open_door, problem_of
from tests.service.small_account import write_account
from tests.service.taught import learn_folder

ANSWERS = """\
answers:
  - id: facture_copie
    queue: factures
    title: Copie de facture
    situation: Le client demande une copie de sa facture.
    body: |
      Bonjour {civilite} {nom},

      Votre facture est jointe à ce message ; le duplicata est établi sous 2 jours ouvrés.

      Nous espérons que cela vous aide.

      Bien cordialement,

      Le service
    placeholders: [civilite, nom]
"""
OWN = "Je vous rappelle que je suis votre interlocutrice."
NUMBERS = count()


def taught(folder: Path) -> GivenSettings:
    """A small account in a store of its own, with the answer above, which has learned."""
    settings = GivenSettings(data=folder / "data", learn_after=0)
    account = write_account(folder / "petit", "petit")
    (account / "answers.yaml").write_text(ANSWERS, "utf-8")
    learn_folder(settings, account)
    return settings


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """An account that all tests of this file share; each has a message of its own."""
    with open_door(taught(tmp_path_factory.mktemp("drafts"))) as door:
        yield door


def drafted(door: Door) -> tuple[str, dict[str, Any]]:
    """The path of a message that has a draft, and the draft."""
    number = next(NUMBERS)
    triaged = door.triage(body=f"Une copie de ma facture {number} svp", external_id=f"f-{number}")
    assert triaged["draft"], triaged["no_draft_reason"]
    return f"/v1/messages/{triaged['id']}", triaged["draft"]


def versions(door: Door, path: str) -> list[dict[str, Any]]:
    response = door.get(f"{path}/drafts")
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["items"]
    return found


def test_a_wish_makes_another_version_and_the_first_one_stays(door: Door) -> None:
    path, draft = drafted(door)
    response = door.post(f"{path}/draft", {"by": "lea", "wish": "plus chaleureux"}, scope="review")
    assert response.status_code == 200, response.text
    made = response.json()
    assert (made["number"], made["origin"], response.headers["etag"]) == (1, "wish", '"1"')
    assert made["draft"]["body"] != draft["body"]
    assert [one["draft"]["body"] for one in versions(door, path)] == [draft["body"], made["draft"]["body"]]


def test_a_persons_words_go_through_every_wish(door: Door) -> None:
    path, draft = drafted(door)
    blocks = draft["body"].split("\n\n")
    mine = [{"text": text} for text in (*blocks[:2], OWN, *blocks[2:])]
    saved = door.call("PUT", f"{path}/draft", "review", json={"by": "lea", "text": mine}, headers={"If-Match": '"0"'})
    assert saved.status_code == 200, saved.text
    assert saved.json()["locked"] == [2]
    for wish in ("plus chaleureux", "plus formel", ""):
        made = door.post(f"{path}/draft", {"by": "sam", "wish": wish}, scope="review").json()
        assert made["draft"]["body"].count(OWN) == 1
    whole = door.post(f"{path}/draft", {"by": "sam", "keep": f"{blocks[0]}\n\n{OWN}", "wish": "proposer un rdv"}).json()
    assert [part["text"] for part in whole["draft"]["paragraphs"][:2]] == [blocks[0], OWN]


def test_whoever_saves_over_another_version_is_told_which_one(door: Door) -> None:
    path, _ = drafted(door)
    first = door.put(f"{path}/draft", {"by": "lea", "text": "À moi.", "version": 0})
    second = door.put(f"{path}/draft", {"by": "sam", "text": "À moi aussi.", "version": 0})
    assert first.status_code == 200
    assert fields_of(second, 409) == ["version"]
    assert "version 1" in problem_of(second, 409)["detail"]
    third = door.put(f"{path}/draft", {"by": "sam", "text": "À moi aussi.", "version": 1})
    assert [one["by"] for one in versions(door, path)[1:]] == ["lea", "sam"]
    assert door.put(f"{path}/draft", {"by": "sam", "text": "À moi aussi.", "version": 2}).json() == third.json()


def test_the_same_key_gives_the_same_version_and_another_request_under_it_is_a_conflict(door: Door) -> None:
    path, _ = drafted(door)
    asked = {"by": "lea", "wish": "plus chaleureux"}
    key = {"Idempotency-Key": "page-7"}
    first, again = (door.post(f"{path}/draft", asked, headers=key).json() for _ in range(2))
    assert first == again
    assert fields_of(door.post(f"{path}/draft", asked | {"wish": "plus formel"}, headers=key), 409) == [
        "Idempotency-Key"
    ]


@pytest.mark.parametrize(
    ("method", "body", "field"),
    [
        ("POST", {"by": "lea", "wish": "en alexandrins"}, "wish"),
        ("POST", {"wish": "plus court"}, "by"),
        ("POST", {"by": "lea", "wish": 3}, "wish"),
        ("POST", {"by": "lea", "version": -1}, "version"),
        ("POST", {"by": "lea", "ton": "doux"}, "ton"),
        ("PUT", {"by": "lea", "text": "x"}, "version"),
        ("PUT", {"by": "lea", "version": 0}, "text"),
    ],
)
def test_what_is_wrong_is_refused_by_field(door: Door, method: str, body: dict[str, Any], field: str) -> None:
    path, _ = drafted(door)
    assert fields_of(door.call(method, f"{path}/draft", json=body)) == [field]


def test_drafts_are_for_keys_that_may_review_and_messages_that_are_there(door: Door) -> None:
    path, _ = drafted(door)
    problem_of(door.post(f"{path}/draft", {"by": "lea"}, scope="triage"), 403)
    problem_of(door.call("PUT", f"{path}/draft", "triage", json={"by": "lea", "text": "x"}), 403)
    problem_of(door.get("/v1/messages/nobody/drafts"), 404)
    problem_of(door.post("/v1/messages/nobody/draft", {"by": "lea"}), 404)


def test_a_reply_shows_what_became_of_the_draft_and_the_answer_counts_it(door: Door) -> None:
    path, draft = drafted(door)
    sent = draft["body"].replace("2 jours ouvrés", "4 jours ouvrés")
    assert sent != draft["body"]
    reply = door.put(f"{path}/reply", {"text": sent, "by": "lea"}, scope="review").json()
    told = door.get(path).json()["comparison"]
    assert told == reply["comparison"]
    assert (told["version"], told["verdict"]) == (0, "edited")
    assert {"kind": "delay", "before": "2 jours ouvrés", "after": "4 jours ouvrés"} in told["changes"]
    answer = draft["answers"][0]
    stats = door.get(f"/v1/answers/{answer}/stats", scope="review").json()
    assert (stats["sent"], stats["edited"], stats["edits"][0]["times"]) == (1, 1, 1)
    assert door.get("/v1/answers/stats").json()["items"][0] == stats
    problem_of(door.get("/v1/answers/nowhere/stats"), 404)
    problem_of(door.get("/v1/answers/stats", scope="triage"), 403)
