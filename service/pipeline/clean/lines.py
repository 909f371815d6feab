"""The lines of a text, each with its place and, once known, its part."""

import re
from dataclasses import dataclass

from service.domain.cleaned import Part, Segment
from service.pipeline.clean.phrases import folded

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_QUOTED = re.compile(r"[ \t]{0,3}>")


@dataclass(slots=True)
class Line:
    """One line that is not blank: text[start:end] without its outer spaces, and the same folded.

    `own_from` and `own_to` leave out a greeting before, or a name after, the words on the same line.
    `gap`: a blank line stands before it.
    """

    start: int
    end: int
    text: str
    folded: str
    gap: bool
    quoted: bool
    part: Part | None = None
    own_from: int = 0
    own_to: int = 0


def lines_of(text: str) -> list[Line]:
    plain, lines, last = folded(text), [], -1
    for found in _LINE.finditer(text):
        raw = found.group()
        start = found.start() + len(raw) - len(raw.lstrip())
        end = found.start() + len(raw.rstrip())
        gap = last < 0 or text.count("\n", last, start) > 1
        lines.append(Line(start, end, text[start:end], plain[start:end], gap, _QUOTED.match(raw) is not None))
        last = end
    return lines


def segments_of(lines: list[Line]) -> tuple[Segment, ...]:
    """Neighbouring lines of one part as one segment, a paragraph break or not."""
    segments: list[Segment] = []
    for line in lines:
        part = line.part or Part.BODY
        low, high = line.start + line.own_from, line.end - line.own_to
        pieces = [(Part.GREETING, line.start, low), (part, low, high), (Part.SIGNATURE, high, line.end)]
        for kind, start, end in pieces:
            if start >= end:
                continue
            if segments and segments[-1].part is kind:
                segments[-1] = Segment(kind, segments[-1].start, end)
            else:
                segments.append(Segment(kind, start, end))
    return tuple(segments)
