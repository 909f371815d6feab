"""Messages at rest: handed in, looked up, listed, corrected, answered."""

import asyncio
import time
from datetime import datetime
from typing import Any

import pytest

from service.domain.case import Case
from service.domain.triage import Triage
from tests.door import Door, fields_of, problem_of

MESSAGE = {"subject": "Résiliation", "body": "Bonjour, je souhaite résilier mon adhésion au club. Merci."}
NOBODY = "019a9f4e-8c1b-7d02-b1a4-5f0d3c2e9a77"


def waited_for(door: Door, path: str) -> dict[str, Any]:
    """The message at `path`, once it has its triage."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        case: dict[str, Any] = door.get(path).json()
        if case["state"] == "triaged":
            return case
        time.sleep(0.02)
    raise AssertionError("It was not triaged in time.")


def test_a_message_handed_in_is_accepted_and_its_result_is_found_where_location_says(door: Door) -> None:
    accepted = door.post("/v1/messages", MESSAGE | {"external_id": "crm-7"})
    assert accepted.status_code == 202
    assert accepted.json()["external_id"] == "crm-7"
    assert accepted.json()["state"] == "received"
    assert accepted.headers["location"] == f"/v1/messages/{accepted.json()['id']}"
    case = waited_for(door, accepted.headers["location"])
    assert Triage.model_validate(case["triage"], strict=False).outcome == case["outcome"]


def test_a_message_handed_in_twice_is_one_message(door: Door) -> None:
    first, again = (door.post("/v1/messages", MESSAGE | {"external_id": "crm-7"}).json() for _ in range(2))
    assert first["id"] == again["id"]
    case = waited_for(door, f"/v1/messages/{first['id']}")
    assert door.triage(**MESSAGE, external_id="crm-7") == case["triage"]


def test_another_message_handed_in_under_a_known_external_id_is_a_conflict(door: Door) -> None:
    door.post("/v1/messages", MESSAGE | {"external_id": "crm-7"})
    assert fields_of(door.post("/v1/messages", MESSAGE | {"external_id": "crm-7", "subject": "x"}), 409) == [
        "external_id"
    ]


@pytest.mark.parametrize("reference", [NOBODY, "x", "%00", "%F0%9F%92%A9", "..%2F..", "a" * 200])
def test_a_message_that_is_not_there_is_missing(shared_door: Door, reference: str) -> None:
    response = shared_door.get(f"/v1/messages/{reference}")
    assert response.status_code == 404
    problem_of(response, 404)


def test_an_id_that_is_too_long_is_refused(shared_door: Door) -> None:
    assert fields_of(shared_door.get(f"/v1/messages/{'a' * 201}")) == ["message_id"]


def test_pages_give_every_message_once_newest_first(door: Door) -> None:
    ids = [door.triage(**MESSAGE, external_id=f"crm-{number}")["id"] for number in range(7)]
    found: list[str] = []
    cursor = None
    while True:
        page = door.get("/v1/messages", params={"limit": 3} | ({"cursor": cursor} if cursor else {})).json()
        assert len(page["items"]) <= 3
        found += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == ids[::-1]


def test_lists_are_narrowed_by_what_one_asks(door: Door) -> None:
    double = "Vous avez prélevé deux fois 42 € en novembre, le 5 et le 15. Pouvez-vous me rembourser ?"
    routed = door.triage(body=double, subject="Prélèvement en double", received_at="2026-03-01T10:00:00+01:00")
    other = door.triage(body="zzz", received_at="2026-05-01T10:00:00+02:00")
    assert routed["queue"]

    def ids(**asked: str) -> list[str]:
        return [item["id"] for item in door.get("/v1/messages", params=asked).json()["items"]]

    assert ids(queue=routed["queue"]["id"]) == [routed["id"]]
    assert ids(outcome="abstained") == [other["id"]]
    assert ids(state="received") == []
    assert ids(since="2026-04-01T00:00:00Z") == [other["id"]]
    assert ids(until="2026-04-01T00:00:00Z") == [routed["id"]]
    assert ids(account="club-horizon-auto") == [other["id"], routed["id"]]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "1e9"}, "limit"),
        ({"limit": "٣x"}, "limit"),
        ({"cursor": "nonsense"}, "cursor"),
        ({"cursor": "\x00" * 36}, "cursor"),
        ({"outcome": "lost"}, "outcome"),
        ({"state": "gone"}, "state"),
        ({"since": "yesterday"}, "since"),
        ({"since": "2026-01-01"}, "since"),
        ({"until": "99999-01-01T00:00:00Z"}, "until"),
        ({"ordre": "date"}, "ordre"),
    ],
)
def test_a_question_that_is_wrong_names_its_parameter(shared_door: Door, asked: dict[str, str], field: str) -> None:
    assert fields_of(shared_door.get("/v1/messages", params=asked)) == [field]


@pytest.mark.parametrize(
    "asked",
    [
        {"queue": "\x00"},
        {"queue": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")},
        {"since": "0001-01-01T00:00:00+14:00"},
        {"until": "9999-12-31T23:59:59-14:00"},
        {"since": "0001-01-01T00:00:00Z", "until": "9999-12-31T23:59:59Z"},
        {"queue": "x" * 5_000},
    ],
)
def test_a_strange_question_has_an_answer_or_a_refusal(shared_door: Door, asked: dict[str, str]) -> None:
    response = shared_door.get("/v1/messages", params=asked)
    assert response.status_code in {200, 422}, response.text


def test_a_correction_puts_the_message_into_its_queue(door: Door) -> None:
    triaged = door.triage(body="Bonjour, un mot sur mon vol de perroquet domestique.", external_id="crm-9")
    said = {"queue": "rgpd", "by": "nadia.k", "comment": "Il demande ses données."}
    case = Case.model_validate_json(door.put(f"/v1/messages/{triaged['id']}/queue", said, scope="review").content)
    assert (case.queue, case.corrected_by) == ("rgpd", "nadia.k")
    assert door.get(f"/v1/messages/{triaged['id']}").json()["queue"] == "rgpd"


def test_the_very_next_message_sees_a_correction_among_its_neighbours(door: Door) -> None:
    text = "Le perroquet de ma voisine répète mon code secret de fenêtre coulissante."
    first = door.triage(body=text, external_id="crm-9")
    door.put(f"/v1/messages/{first['id']}/queue", {"queue": "rgpd", "by": "nadia.k"}, scope="review")
    following = door.triage(body=f"{text} Encore lui.", external_id="crm-10")
    neighbours = next(vote for vote in following["votes"] if vote["voter"] == "neighbours")
    assert [piece["ref"] for piece in neighbours["evidence"] if piece["queue"] == "rgpd"][:1] == ["crm-9"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"queue": "nowhere", "by": "x"}, "queue"),
        ({"queue": "rgpd"}, "by"),
        ({"queue": "rgpd", "by": "  "}, "by"),
        ({"queue": "rgpd", "by": "x", "reason": "y"}, "reason"),
        ({"queue": 3, "by": "x"}, "queue"),
        ({"queue": "rgpd", "by": "x", "comment": "y" * 2_001}, "comment"),
    ],
)
def test_a_correction_that_is_wrong_names_its_field(shared_door: Door, said: dict[str, Any], field: str) -> None:
    triaged = shared_door.triage(**MESSAGE)
    assert fields_of(shared_door.put(f"/v1/messages/{triaged['id']}/queue", said)) == [field]


def test_a_reply_that_was_sent_is_recorded_once(door: Door) -> None:
    triaged = door.triage(**MESSAGE)
    sent = {"text": "Bonjour, c'est fait.", "by": "nadia.k", "sent_at": "2026-11-20T10:02:00+01:00"}
    for _ in range(2):
        response = door.put(f"/v1/messages/{triaged['id']}/reply", sent, scope="review")
        case = Case.model_validate_json(response.content)
        assert case.replied_at == datetime.fromisoformat("2026-11-20T10:02:00+01:00")
    history = asyncio.run(door.desk.messages.history(triaged["id"]))
    assert [event.kind for event in history].count("reply_recorded") == 1


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"text": "", "by": "x"}, "text"),
        ({"text": "y"}, "by"),
        ({"text": "y", "by": "x", "sent_at": "2026-11-20T10:02:00"}, "sent_at"),
        ({"text": "y", "by": "x", "sent_at": "soon"}, "sent_at"),
        ({"text": "y", "by": "x" * 201}, "by"),
    ],
)
def test_a_reply_that_is_wrong_names_its_field(shared_door: Door, sent: dict[str, Any], field: str) -> None:
    triaged = shared_door.triage(**MESSAGE)
    assert fields_of(shared_door.put(f"/v1/messages/{triaged['id']}/reply", sent)) == [field]


def test_flags_are_told_with_the_queue_or_alone_and_the_triage_stays_as_it_was(door: Door) -> None:
    triage = door.triage(**MESSAGE)
    path = f"/v1/messages/{triage['id']}"
    told = {"queue": "resiliation", "by": "nadia.k", "flags": ["urgent", "callback"]}
    case = door.put(f"{path}/queue", told, scope="review").json()
    assert (case["flags"], case["flagged_by"], case["queue"]) == (["callback", "urgent"], "nadia.k", "resiliation")
    assert case["triage"] == triage
    alone = door.put(f"{path}/flags", {"flags": [], "by": "sam"}, scope="review").json()
    assert (alone["flags"], alone["flagged_by"], alone["corrected_by"]) == ([], "sam", "nadia.k")
    kept = door.put(f"{path}/queue", {"queue": "rgpd", "by": "nadia.k"}, scope="review").json()
    assert (kept["flags"], kept["flagged_by"], kept["queue"]) == ([], "sam", "rgpd")
    listed = next(one for one in door.get("/v1/messages").json()["items"] if one["id"] == triage["id"])
    assert (listed["flags"], listed["flagged_by"]) == (None, "sam")


@pytest.mark.parametrize("resource", ["queue", "flags"])
@pytest.mark.parametrize("flags", [["loud"], "urgent", [1], [""], {"urgent": True}, ["urgent"] * 51])
def test_flags_that_are_wrong_name_their_field_and_change_nothing(
    shared_door: Door, resource: str, flags: object
) -> None:
    path = f"/v1/messages/{shared_door.triage(**MESSAGE)['id']}"
    said = {"by": "nadia.k", "flags": flags} | ({"queue": "rgpd"} if resource == "queue" else {})
    refused = shared_door.put(f"{path}/{resource}", said, scope="review")
    assert {field.partition(".")[0] for field in fields_of(refused)} == {"flags"}
    case = shared_door.get(path).json()
    assert (case["queue"], case["flagged_by"]) == ("resiliation", None)


def test_saying_flags_needs_a_key_of_scope_review(shared_door: Door) -> None:
    path = f"/v1/messages/{shared_door.triage(**MESSAGE)['id']}/flags"
    problem_of(shared_door.put(path, {"flags": [], "by": "x"}, scope="triage"), 403)
    problem_of(shared_door.put(f"/v1/messages/{NOBODY}/flags", {"flags": [], "by": "x"}, scope="review"), 404)
