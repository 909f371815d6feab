"""A customer's message as a caller hands it in."""

import hashlib
import json
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, StringConstraints, field_validator, model_validator

from service.domain.limits import (
    MAX_ATTACHMENTS,
    MAX_BODY_CHARS,
    MAX_ID_CHARS,
    MAX_LINE_CHARS,
    MAX_METADATA,
    MAX_THREAD,
    MAX_VALUE_CHARS,
)
from service.domain.moment import PARIS, in_utc
from service.domain.value import Value

Channel = Literal["email", "form", "chat", "letter", "sms", "social"]
BodyFormat = Literal["text", "html", "mime"]

Identifier = Annotated[str, StringConstraints(min_length=1, max_length=MAX_ID_CHARS, pattern=r"^[^\x00-\x1f\x7f]+$")]
Line = Annotated[str, StringConstraints(max_length=MAX_LINE_CHARS)]

CORPUS_NAMES = {"id": "external_id", "from": "sender", "to": "recipient", "text": "body"}
"""A corpus line's names for a message's fields."""

LABELS = frozenset({"queue", "secondary", "flags", "answers", "language", "pii", "difficulty", "note", "reply"})
"""A corpus line's expected results: read by evals and by learning, never by triage."""


def localised(value: Any) -> Any:
    """A time without an offset, read as Paris time; anything else as it is."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=PARIS)
    return value


class Sender(Value):
    name: Line = ""
    address: Line = ""

    @model_validator(mode="before")
    @classmethod
    def _from_header(cls, value: Any) -> Any:
        """Takes `Name <address>` as well as an object."""
        if not isinstance(value, str):
            return value
        name, address = parseaddr(value.replace("\n", " "))
        return {"name": name, "address": address} if "@" in address else {"name": value.strip(), "address": ""}


class Attachment(Value):
    filename: Line = ""
    content_type: Line = ""
    text: Annotated[str, StringConstraints(max_length=MAX_BODY_CHARS)] | None = None
    content_base64: Annotated[str, StringConstraints(max_length=MAX_BODY_CHARS)] | None = None


class ThreadEntry(Value):
    """An earlier message of the same exchange."""

    direction: Literal["in", "out"]
    at: datetime | None = Field(default=None, strict=False)
    body: Annotated[str, StringConstraints(max_length=MAX_BODY_CHARS)]


class Message(Value):
    """One inbound message. `received_at` without an offset is local time in Paris."""

    external_id: Identifier | None = None
    account: Identifier | None = None
    channel: Channel = "email"
    received_at: AwareDatetime = Field(default_factory=lambda: datetime.now(UTC), strict=False)
    sender: Sender = Sender()
    recipient: Line = ""
    subject: Line = ""
    body: Annotated[str, StringConstraints(max_length=MAX_BODY_CHARS)] = ""
    body_format: BodyFormat = "text"
    attachments: Annotated[tuple[Attachment, ...], Field(max_length=MAX_ATTACHMENTS, strict=False)] = ()
    thread: Annotated[tuple[ThreadEntry, ...], Field(max_length=MAX_THREAD, strict=False)] = ()
    metadata: Annotated[
        dict[Identifier, Annotated[str, StringConstraints(max_length=MAX_VALUE_CHARS)]],
        Field(max_length=MAX_METADATA),
    ] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _from_corpus_line(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {CORPUS_NAMES.get(name, name): given for name, given in value.items() if name not in LABELS}

    @field_validator("received_at", mode="before")
    @classmethod
    def _localised(cls, value: Any) -> Any:
        return localised(value)

    @property
    def fingerprint(self) -> str:
        """SHA-256, in hex, of what the caller said: equal for requests that say the same, however written.

        Left out: the account, since ids are one account's own, and a time that the caller did not give, since
        its default, now, would make a repeated request another one.
        """
        said = self.model_dump(mode="json", exclude={"account", "received_at"})
        if "received_at" in self.model_fields_set:
            said["received_at"] = in_utc(self.received_at).isoformat()
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def pseudonym_of(name: str) -> str:
    """By which results tell whose messages belong together, without saying whose."""
    return hashlib.sha256(name.strip().casefold().encode()).hexdigest()[:16]
