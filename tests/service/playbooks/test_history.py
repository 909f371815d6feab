import json

import pytest

from service.errors import RefusedError
from service.playbooks import parse_confirmed
from service.settings import REFERENCE

LINE = {
    "id": "m-1", "channel": "email", "received_at": "2026-01-13T08:41:00", "from": "Ana <a@example.org>",
    "to": "contact@club.example", "subject": "Panne", "text": "Bonjour", "queue": "une", "secondary": ["deux"],
    "flags": ["urgent"], "answers": [], "language": "fr", "pii": ["Ana"], "difficulty": "easy", "note": "x",
}  # fmt: skip


def refusal(line: object, **options: object) -> list[tuple[str, str]]:
    text = line if isinstance(line, str) else json.dumps(line)
    with pytest.raises(RefusedError) as caught:
        parse_confirmed(["", text], "mars.jsonl", **options)  # type: ignore[arg-type]
    return [(problem.field, problem.message) for problem in caught.value.problems]


def test_a_corpus_line_becomes_a_message_with_its_results() -> None:
    (confirmed,) = parse_confirmed([json.dumps(LINE), "\n"], "mars.jsonl", queues=("une", "deux"))
    assert confirmed.message.external_id == "m-1"
    assert confirmed.message.sender.address == "a@example.org"
    assert (confirmed.queue, confirmed.secondary, confirmed.flags) == ("une", ("deux",), ("urgent",))


def test_what_was_dumped_is_read_back_the_same() -> None:
    (confirmed,) = parse_confirmed([json.dumps(LINE)], "mars.jsonl")
    assert parse_confirmed([confirmed.model_dump_json()], "dump.jsonl") == (confirmed,)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"channel": "pigeon"}, "channel"), ({"queue": None}, "queue"), ({"text": 3}, "text"), ({"id": None}, "id"),
     ({"received_at": "hier"}, "received_at"), ({"flags": "urgent"}, "flags"), ({"surprise": 1}, "surprise")],
)  # fmt: skip
def test_a_field_that_does_not_fit_is_named_with_file_and_line(change: dict[str, object], field: str) -> None:
    ((place, message),) = refusal(LINE | change)
    assert place == "mars.jsonl:2"
    assert f"« {field} »" in message


@pytest.mark.parametrize("line", ["{", "[]", "3", "[" * 100_000, "\x00"])
def test_a_line_that_is_no_object_is_named(line: str) -> None:
    assert refusal(line)[0][0] == "mars.jsonl:2"


def test_an_id_that_stands_twice_and_an_unknown_queue_are_refused() -> None:
    with pytest.raises(RefusedError) as caught:
        parse_confirmed([json.dumps(LINE)] * 2, "mars.jsonl", queues=("une",))
    assert [problem.field for problem in caught.value.problems] == ["mars.jsonl:1", "mars.jsonl:2", "mars.jsonl:2"]


def test_all_shipped_messages_are_read() -> None:
    folder = REFERENCE / "confirmed"
    read = [
        parse_confirmed(path.read_text(encoding="utf-8").splitlines(), path.name) for path in folder.glob("*.jsonl")
    ]
    assert sum(map(len, read)) == 1_320
