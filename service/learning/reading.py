"""The words of a redacted message that learning reads, with their places."""

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.words import Token, stems, tokens, words
from service.domain.cleaned import Part
from service.domain.limits import READ_CHARS
from service.domain.redacted import Redacted


@dataclass(frozen=True, slots=True)
class Reading:
    """Folded words and their stems: those of the subject, then the customer's own new ones.

    `spans` holds offsets into the redacted text for the own words; the `subject` first words have none. `language` is
    the writer's.
    """

    words: tuple[str, ...]
    stems: tuple[str, ...]
    subject: int
    spans: tuple[tuple[int, int], ...]
    channel: str = ""
    recipient: str = ""
    language: str = ""


def read(redacted: Redacted) -> Reading:
    subject = tokens(redacted.subject)
    own = own_tokens(redacted)
    words = [word for word, _, _ in (*subject, *own) if not word.isdigit()]
    return Reading(
        words=tuple(words),
        stems=tuple(stems(words, redacted.language)),
        subject=sum(not word.isdigit() for word, _, _ in subject),
        spans=tuple((start, end) for word, start, end in own if not word.isdigit()),
        channel=redacted.channel,
        recipient=" ".join(redacted.recipient.casefold().split()),
        language=redacted.language,
    )


def read_text(text: str, language: str = "fr") -> Reading:
    """A text that is no message: a definition, an instruction, a canned answer."""
    told = [word for word in words(text) if not word.isdigit()]
    return Reading(tuple(told), tuple(stems(told, language)), len(told), (), language=language)


def own_tokens(redacted: Redacted) -> Sequence[Token]:
    """Words of the customer's own new text, or of what he forwards where he wrote none."""
    for part in (Part.BODY, Part.FORWARDED, Part.QUOTE):
        found = [
            (word, segment.start + start, segment.start + end)
            for segment in redacted.segments
            if segment.part is part and segment.start < READ_CHARS
            for word, start, end in tokens(redacted.text[segment.start : min(segment.end, READ_CHARS)])
        ]
        if found:
            return found
    return []
