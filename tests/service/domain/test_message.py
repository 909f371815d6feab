import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from service.domain.message import Message, Sender


def test_a_corpus_line_is_a_message_and_its_labels_are_left_out() -> None:
    line = {
        "id": "u1-a-01", "channel": "form", "received_at": "2026-02-03T09:14:22", "from": "Ana B <ana@example.org>",
        "to": "contact@club.example", "subject": "s", "text": "t", "queue": "q", "secondary": [], "flags": [],
        "answers": [], "language": "fr", "pii": [], "difficulty": "easy", "note": "n",
    }  # fmt: skip
    message = Message.model_validate_json(json.dumps(line))
    assert (message.external_id, message.body, message.recipient) == ("u1-a-01", "t", "contact@club.example")
    assert message.sender == Sender(name="Ana B", address="ana@example.org")


def test_a_time_without_offset_is_paris_time() -> None:
    message = Message.model_validate_json('{"received_at": "2026-07-03T09:00:00"}')
    assert message.received_at.astimezone(UTC) == datetime(2026, 7, 3, 7, tzinfo=UTC)


def test_a_time_with_offset_keeps_it() -> None:
    message = Message.model_validate_json('{"received_at": "2026-07-03T09:00:00Z"}')
    assert message.received_at == datetime(2026, 7, 3, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"bodyy": "x"}, "bodyy"),
        ({"body": 3}, "body"),
        ({"channel": "pigeon"}, "channel"),
        ({"received_at": "tomorrow"}, "received_at"),
        ({"external_id": ""}, "external_id"),
        ({"external_id": "a\u0000b"}, "external_id"),
        ({"sender": {"name": "x", "age": "3"}}, "sender"),
        ({"attachments": [{}] * 21}, "attachments"),
        ({"thread": [{"direction": "in", "body": "x"}] * 51}, "thread"),
        ({"thread": [{"direction": "up", "body": "x"}]}, "thread"),
        ({"metadata": {"n": 3}}, "metadata"),
    ],
)
def test_a_wrong_field_is_named(document: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Message.model_validate_json(json.dumps(document))
    assert caught.value.errors()[0]["loc"][0] == field


@pytest.mark.parametrize(
    ("header", "sender"),
    [
        ("Ana B <ana@example.org>", Sender(name="Ana B", address="ana@example.org")),
        ("ana@example.org", Sender(name="", address="ana@example.org")),
        ("Visiteur 5512", Sender(name="Visiteur 5512", address="")),
        ("", Sender()),
    ],
)
def test_a_sender_is_read_from_a_header(header: str, sender: Sender) -> None:
    assert Sender.model_validate(header) == sender
