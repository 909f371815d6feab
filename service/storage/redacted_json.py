"""Redacted texts as JSON. Their alignment is left out: what is learned from points back to nothing."""

from typing import Any

from service.domain.alignment import Alignment
from service.domain.cleaned import Part, Segment
from service.domain.redacted import Redacted


def dump(redacted: Redacted) -> dict[str, Any]:
    return {
        "subject": redacted.subject,
        "text": redacted.text,
        "segments": [[segment.part.value, segment.start, segment.end] for segment in redacted.segments],
        "language": redacted.language,
        "channel": redacted.channel,
        "recipient": redacted.recipient,
        "sender": redacted.sender,
    }


def load(dumped: dict[str, Any]) -> Redacted:
    segments = tuple(Segment(Part(part), start, end) for part, start, end in dumped["segments"])
    return Redacted(**{**dumped, "segments": segments}, alignment=Alignment())
