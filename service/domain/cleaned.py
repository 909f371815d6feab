"""A message as readable text, cut into its parts."""

from dataclasses import dataclass
from enum import StrEnum

from service.domain.alignment import Alignment


class Part(StrEnum):
    """What a stretch of a message is. Only `BODY` is the customer's own new words.

    `ATTACHED`: of a file that came along; it serves placeholders and the model, not the other voters.
    `MACHINE`: addressed to whatever reads the message, such as hidden instructions; read by nobody but people.
    """

    BODY = "body"
    GREETING = "greeting"
    CLOSING = "closing"
    SIGNATURE = "signature"
    FOOTER = "footer"
    QUOTE = "quote"
    FORWARDED = "forwarded"
    HEADER = "header"
    ATTACHED = "attached"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Segment:
    """Characters [start, end) of the text it belongs to; segments are in order and do not overlap."""

    part: Part
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The readable text of a message.

    `text` holds every readable character of the body, in order; `segments` cover all of it but white
    space; `language` is the ISO 639-1 code of the customer's own words; `alignment` maps `text` back to
    the body as received. `notes` says what could not be read (a broken charset, a winmail.dat) in codes,
    for the advisor to see.
    """

    subject: str
    text: str
    segments: tuple[Segment, ...]
    alignment: Alignment
    language: str = "fr"
    notes: tuple[str, ...] = ()

    @property
    def own(self) -> str:
        """The customer's own new words; where he wrote none, what he forwards."""
        return own_words(self.text, self.segments)


def own_words(text: str, segments: tuple[Segment, ...]) -> str:
    for part in (Part.BODY, Part.FORWARDED, Part.QUOTE):
        words = "\n".join(text[s.start : s.end].strip() for s in segments if s.part is part)
        if words.strip():
            return words
    return ""
