"""What a raw e-mail says of itself, where the caller did not."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from service.domain.limits import MAX_LINE_CHARS
from service.domain.message import Message, Sender, localised
from service.domain.moment import in_utc
from service.pipeline.clean.mime import headed


def opened(message: Message) -> Message:
    """The message with sender, recipient, subject and time from its MIME headers, where it has none itself."""
    if message.body_format != "mime":
        return message
    mail = headed(message.body)
    empty = Message()  # a message that was stored comes back with every field, those that were not given too
    given = {name for name in message.model_fields_set if getattr(message, name) != getattr(empty, name)}
    found: dict[str, Any] = {
        "sender": Sender.model_validate(mail.header("From")[:MAX_LINE_CHARS]),
        "recipient": mail.header("To")[:MAX_LINE_CHARS],
        "subject": mail.header("Subject")[:MAX_LINE_CHARS],
        "received_at": _time(mail.header("Date")) or message.received_at,
    }
    return message.model_copy(update={name: value for name, value in found.items() if name not in given})


def address_of(message: Message) -> str:
    """Whom a message is from: as it says, or as its MIME headers do."""
    return message.sender.address or opened(message).sender.address


def _time(header: str) -> datetime | None:
    try:
        moment: datetime = localised(parsedate_to_datetime(header))
        return in_utc(moment)
    except ValueError:
        return None
