"""Texts that belong to a message, such as its drafts and the reply, redacted with the message's own placeholders."""

from collections.abc import Sequence
from dataclasses import replace

from service.domain.cleaned import Cleaned, Part, Segment
from service.domain.limits import READ_CHARS
from service.domain.message import Message
from service.domain.playbook import Playbook
from service.domain.redacted import EMPTY, Redacted, RedactedText, Vault
from service.pipeline.redact import redact

_BETWEEN = "\n\n"
MOST_BESIDE = READ_CHARS // 2
"""Characters of all those texts together that are read; what follows is left out."""


def redact_beside(
    cleaned: Cleaned, message: Message, playbook: Playbook, texts: Sequence[str]
) -> tuple[Redacted, Vault, tuple[RedactedText, ...]]:
    """As `redact`, and each of the texts, in which a person of the message has the same placeholder. A very long
    message is cut, so that there is room for them; where they cannot be told apart, they are empty."""
    beside = _within(texts)
    length = min(len(cleaned.text), READ_CHARS - sum(len(text) + len(_BETWEEN) for text in beside))
    joined, segments = cleaned.text[:length], [one for one in cleaned.segments if one.end <= length]
    own = len(segments)
    for text in beside:
        joined += _BETWEEN
        segments.append(Segment(Part.QUOTE, len(joined), len(joined) + len(text)))
        joined += text
    redacted, vault = redact(replace(cleaned, text=joined, segments=tuple(segments)), message, playbook)
    if len(redacted.segments) != len(segments):  # something personal reaches over the edge of a text
        return *redact(cleaned, message, playbook), (EMPTY,) * len(texts)
    found = tuple(RedactedText(redacted.text[one.start : one.end]) for one in redacted.segments[own:])
    cut = redacted.segments[own].start if beside else len(redacted.text)
    alone = replace(redacted, text=RedactedText(redacted.text[:cut].rstrip()), segments=redacted.segments[:own])
    return alone, vault, found


def _within(texts: Sequence[str]) -> list[str]:
    """One for each; a segment without a character would be lost."""
    kept, room = [], MOST_BESIDE
    for text in texts:
        part = text[: max(room, 0)]
        kept.append(part if part.strip() else "-")
        room -= len(part)
    return kept
