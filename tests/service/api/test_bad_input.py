"""Whatever comes in gets a correct result or a clear refusal: never a 500, never a hang."""

import gzip
import time
from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import Any

import pytest
from httpx2 import Response

from service.domain.limits import MAX_REQUEST_BYTES
from service.domain.triage import Triage
from tests.door import Door, fields_of, problem_of
from tests.service.api.bad_input import REFUSED, STRANGE, as_sent

LONGEST_S = 3.0
"""CPU of this whole process for one request: wall time would measure the machine's other work too."""


def timed(door: Door, body: Any) -> Response:
    door.key("triage")
    began = time.process_time()
    response = door.post("/v1/triage", as_sent(body), scope="triage")
    passed = time.process_time() - began
    assert passed < LONGEST_S, f"{passed:.1f} s"
    return response


@pytest.mark.parametrize("name", STRANGE)
def test_strange_messages_get_a_result_or_a_refusal_that_names_a_field(shared_door: Door, name: str) -> None:
    response = timed(shared_door, STRANGE[name])
    if response.status_code == 200:
        found = Triage.model_validate_json(response.content)
        assert 0 <= found.confidence <= 1
        assert found.reason
        stored = shared_door.get(f"/v1/messages/{found.id}")
        assert stored.json()["triage"] == response.json()
    else:
        assert fields_of(response, response.status_code)
        assert response.status_code in {413, 422}


@pytest.mark.parametrize("name", REFUSED)
def test_wrong_messages_are_refused_by_name_of_the_field(shared_door: Door, name: str) -> None:
    body, field = REFUSED[name]
    assert field in fields_of(timed(shared_door, body))


@pytest.mark.parametrize("name", ["NUL", "control characters", "bidi overrides", "earliest date, east", "odd metadata"])
def test_strange_messages_can_be_handed_in_for_later(shared_door: Door, name: str) -> None:
    response = shared_door.post("/v1/messages", as_sent(STRANGE[name]))
    assert response.status_code in {202, 422}, response.text


def test_a_body_over_the_limit_is_refused_from_its_announced_length(shared_door: Door) -> None:
    response = timed(shared_door, {"body": "x" * (MAX_REQUEST_BYTES + 1)})
    assert fields_of(response, 413) == ["body"]


def test_a_body_over_the_limit_that_comes_in_pieces_is_refused(shared_door: Door) -> None:
    read = 0

    def pieces() -> Iterator[bytes]:
        nonlocal read
        for _ in range(10_000):
            read += 1
            yield b" " * 10_000

    response = shared_door.call("POST", "/v1/triage", content=pieces())
    problem_of(response, 413)


def test_a_body_just_under_the_limit_is_read(shared_door: Door) -> None:
    frame = len(as_sent({"body": ""}))
    text = "Je souhaite résilier. ".encode()
    body = (text + b" " * MAX_REQUEST_BYTES)[: MAX_REQUEST_BYTES - frame].decode()
    response = timed(shared_door, f'{{"body": "{body}"}}'.encode())
    assert response.status_code == 200


def test_what_is_refused_is_not_shown_at_length(shared_door: Door) -> None:
    response = shared_door.post("/v1/triage", {"body": "x", "channel": "secret " * 1_000})
    assert len(response.content) < 2_000


def test_many_mistakes_are_a_short_answer(shared_door: Door) -> None:
    response = shared_door.post("/v1/triage", {"body": "x"} | {f"unknown {n} {'y' * 100}": n for n in range(5_000)})
    problem_of(response, 422)
    assert len(response.content) < 50_000


def test_a_mark_in_front_of_a_file_is_no_part_of_its_json(shared_door: Door) -> None:
    """Some shells and editors write one, and curl sends the file as it is."""
    assert shared_door.post("/v1/triage", BOM_UTF8 + b'{"body": "Ma facture ?"}').status_code == 200
    assert fields_of(shared_door.post("/v1/triage", BOM_UTF8 * 2 + b'{"body": "Ma facture ?"}')) == ["body"]


def test_a_body_that_is_compressed_is_refused_with_the_cure(shared_door: Door) -> None:
    refused = shared_door.post("/v1/triage", gzip.compress(b'{"body": "Ma facture ?"}'))
    assert "not compressed" in problem_of(refused, 422)["errors"][0]["message"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('{"body": "Ma facture ?", "body": "Je résilie."}', "body"),
        ('{"body": "Ma facture ?", "metadata": {"nom": "Durand", "nom": "Martin"}}', "nom"),
        ('{"body": "Ma facture ?", "sender": {"address": "a@b.fr", "address": "c@d.fr"}}', "address"),
    ],
)
def test_a_field_that_is_there_twice_is_refused_by_its_name(shared_door: Door, body: str, name: str) -> None:
    assert fields_of(shared_door.post("/v1/triage", body, scope="triage")) == [name]
    assert fields_of(shared_door.post("/v1/messages", body, scope="triage")) == [name]
