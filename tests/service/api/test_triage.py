"""`POST /v1/triage`: one message in, its Triage out."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from service.domain.triage import Triage
from service.storage.cases import Filter
from tests.door import Door, fields_of, problem_of

REFUND: dict[str, Any] = {
    "channel": "email",
    "sender": "Claire Vasseur <claire.vasseur@example.org>",
    "subject": "Prélèvement en double",
    "body": "Bonjour, vous avez prélevé deux fois 42 € en novembre, le 5 et le 15. Pouvez-vous me rembourser ?",
    "metadata": {"civilite": "Madame", "nom": "Vasseur"},
}


def test_a_clear_message_is_routed_with_evidence_and_a_sourced_draft(shared_door: Door) -> None:
    response = shared_door.post("/v1/triage", REFUND)
    found = Triage.model_validate_json(response.content)
    assert response.status_code == 200
    assert found.account == "club-horizon-auto"
    assert found.queue is not None
    assert found.queue.id == "remboursement"
    assert found.evidence
    assert found.draft is not None
    assert all(paragraph.sources for paragraph in found.draft.paragraphs)
    assert "Vasseur" in found.draft.body


def test_evidence_stands_where_it_says_in_the_body_as_received(shared_door: Door) -> None:
    found = shared_door.triage(**REFUND)
    placed = [piece for piece in found["evidence"] if piece["start"] is not None]
    assert placed
    for piece in placed:
        assert REFUND["body"][piece["start"] : piece["end"]] == piece["text"]


def test_a_corpus_line_is_a_message_and_its_labels_are_not_read(shared_door: Door) -> None:
    line = {
        "id": "c-1",
        "from": "A <a@example.org>",
        "to": "contact@club.example",
        "text": "Je résilie.",
        "subject": "",
    }
    plain = shared_door.post("/v1/triage", line).json()
    labelled = shared_door.post(
        "/v1/triage", line | {"id": "c-2", "queue": "rgpd", "flags": ["urgent"], "pii": []}
    ).json()
    assert plain["external_id"] == "c-1"
    assert plain["queue"] == labelled["queue"]
    assert plain["flags"] == labelled["flags"]


def test_the_same_message_again_gives_the_first_result(door: Door) -> None:
    message = REFUND | {"external_id": "crm-1"}
    first = door.post("/v1/triage", message)
    again = door.post("/v1/triage", json.dumps(message, indent=4, sort_keys=True))
    assert again.status_code == 200
    assert again.content == first.content


def test_another_message_under_a_known_external_id_is_a_conflict(door: Door) -> None:
    door.triage(**REFUND, external_id="crm-1")
    response = door.post("/v1/triage", REFUND | {"external_id": "crm-1", "body": "Tout autre chose."})
    assert fields_of(response, 409) == ["external_id"]


def test_fifty_equal_requests_at_once_make_one_message_and_get_one_answer(door: Door) -> None:
    message = json.dumps(REFUND | {"external_id": "crm-1"})
    door.key("triage")
    with ThreadPoolExecutor(50) as callers:
        responses = list(callers.map(lambda _: door.post("/v1/triage", message, scope="triage"), range(50)))
    assert {response.status_code for response in responses} == {200}
    assert len({response.content for response in responses}) == 1
    page = asyncio.run(door.desk.messages.list(Filter()))
    assert len(page.items) == 1


def test_messages_without_an_external_id_are_each_their_own(door: Door) -> None:
    assert door.triage(**REFUND)["id"] != door.triage(**REFUND)["id"]


def test_an_unknown_account_is_refused_by_name_of_the_field(shared_door: Door) -> None:
    assert fields_of(shared_door.post("/v1/triage", REFUND | {"account": "nobody"})) == ["account"]


def test_a_body_that_is_no_object_is_refused(shared_door: Door) -> None:
    for body in ("", "[]", "1", "null", '"x"', "{", "{}}"):
        problem_of(shared_door.post("/v1/triage", body), 422)
