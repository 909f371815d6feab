"""What PostgreSQL refuses in a text and SQLite takes, through HTTP: NUL, surrogates, times out of range."""

from typing import Any

import pytest

from tests.door import Door, fields_of
from tests.service.api.bad_input import REFUSED, STRANGE, as_sent

TELLING = ["NUL", "control characters", "bidi overrides", "private use and noncharacters", "odd metadata"]
TELLING += ["earliest date", "earliest date, east", "latest date, west", "empty", "sender of several lines"]


@pytest.mark.parametrize("name", TELLING)
@pytest.mark.parametrize("path", ["/v1/triage", "/v1/messages"])
def test_strange_messages_get_a_result_or_a_refusal(postgres_door: Door, path: str, name: str) -> None:
    response = postgres_door.post(path, as_sent(STRANGE[name]))
    assert response.status_code in {200, 202} or fields_of(response)


@pytest.mark.parametrize("name", ["lone surrogate", "lone surrogate in a name", "external id with NUL"])
def test_wrong_messages_are_refused_by_name_of_the_field(postgres_door: Door, name: str) -> None:
    body, field = REFUSED[name]
    assert field in fields_of(postgres_door.post("/v1/triage", as_sent(body)))


@pytest.mark.parametrize(
    "asked", [{"queue": "\x00"}, {"account": "\x00"}, {"since": "0001-01-01T00:00:00+14:00"}, {"cursor": "\x00" * 36}]
)
def test_strange_questions_get_an_answer_or_a_refusal(postgres_door: Door, asked: dict[str, Any]) -> None:
    assert postgres_door.get("/v1/messages", params=asked).status_code in {200, 422}


def test_strange_ids_are_missing(postgres_door: Door) -> None:
    assert postgres_door.get("/v1/messages/%00").status_code == 404


def test_a_strange_correction_and_reply_are_kept_or_refused(postgres_door: Door) -> None:
    triaged = postgres_door.triage(body="Où est ma facture ?")
    path = f"/v1/messages/{triaged['id']}"
    corrected = postgres_door.put(f"{path}/queue", {"queue": "factures", "by": "a\x00b", "comment": "c\x00d"})
    replied = postgres_door.put(
        f"{path}/reply", {"text": "e\x00f", "by": "a\x00b", "sent_at": "0001-01-01T00:00:00+14:00"}
    )
    assert {corrected.status_code, replied.status_code} <= {200, 422}


def test_a_strange_key_is_a_wrong_one(postgres_door: Door) -> None:
    headers = {b"Authorization": b"Bearer aig_\xc3\xa9_x"}
    assert postgres_door.client.get("/v1/queues", headers=headers).status_code == 401


def test_strange_words_of_a_draft_are_kept_or_refused(postgres_door: Door) -> None:
    path = f"/v1/messages/{postgres_door.triage(body='Où est ma facture ?')['id']}"
    strange = "a\x00b\ufffe\u202e c"
    saved = postgres_door.put(f"{path}/draft", {"by": strange, "text": strange, "version": 0})
    wished = postgres_door.post(f"{path}/draft", {"by": strange, "wish": strange})
    named = postgres_door.post(f"{path}/draft", {"by": "x"}, headers={b"Idempotency-Key": b"\xff\xfe"})
    replied = postgres_door.put(f"{path}/reply", {"text": strange * 200, "by": strange})
    assert {one.status_code for one in (saved, wished, named, replied)} <= {200, 409, 422}
    assert postgres_door.get(f"{path}/drafts").status_code == 200
    assert postgres_door.get("/v1/answers/%00/stats").status_code in {404, 422}
