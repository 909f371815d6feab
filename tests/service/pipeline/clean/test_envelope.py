from datetime import UTC, datetime

import pytest

from service.domain.message import Message, Sender
from service.pipeline.clean import opened

MAIL = (
    "From: =?utf-8?q?Ga=C3=ABlle_Martin?= <gaelle@example.org>\nTo: contact@club.example\n"
    "Subject: =?utf-8?q?R=C3=A9siliation?=\nDate: Tue, 3 Feb 2026 09:14:00 +0100\n\nBonjour"
)


def test_a_raw_mail_names_its_sender_subject_recipient_and_time() -> None:
    message = opened(Message(body=MAIL, body_format="mime"))
    assert message.sender == Sender(name="Gaëlle Martin", address="gaelle@example.org")
    assert (message.subject, message.recipient) == ("Résiliation", "contact@club.example")
    assert message.received_at == datetime(2026, 2, 3, 8, 14, tzinfo=UTC)


def test_what_the_caller_says_counts_more_than_a_header() -> None:
    message = Message(body=MAIL, body_format="mime", subject="Autre", sender=Sender(name="Accueil"))
    assert (opened(message).subject, opened(message).sender.name) == ("Autre", "Accueil")


@pytest.mark.parametrize("body", ["", "no header at all", "Date: nonsense\n\nx", "Date: Tue, 99 Feb 99999 09:14\n\nx"])
def test_a_mail_without_usable_headers_is_taken_as_it_is(body: str) -> None:
    message = Message(body=body, body_format="mime")
    assert opened(message).received_at == message.received_at
    assert opened(message).sender == Sender()


def test_other_formats_are_left_alone() -> None:
    message = Message(body=MAIL)
    assert opened(message) is message
