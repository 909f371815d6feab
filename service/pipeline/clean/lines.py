"""The lines of a text, each with its place and, once known, its part."""

from dataclasses import dataclass

from service.domain.cleaned import Part, Segment
from service.pipeline.clean.phrases import folded


@dataclass(slots=True)
class Line:
    """One line that is not blank: text[start:end] without its outer spaces, and the same folded.

    `own_from` and `own_to` leave out a greeting before, or a name after, the words on the same line.
    `gap`: a blank line stands before it. `phrase` is the folded line with single spaces, for word lists.
    """

    start: int
    end: int
    text: str
    folded: str
    phrase: str
    gap: bool
    quoted: bool
    part: Part | None = None
    own_from: int = 0
    own_to: int = 0


def lines_of(text: str) -> list[Line]:
    plain, lines = folded(text), list[Line]()
    at, gap = 0, True
    for raw in text.split("\n"):
        words = raw.strip()
        if words:
            start = at + raw.index(words[0])
            end = start + len(words)
            same = plain[start:end]
            phrase = " ".join(same.split()) if "  " in same or "\t" in same else same
            lines.append(Line(start, end, words, same, phrase, gap, words.startswith(">")))
        gap, at = not words, at + len(raw) + 1
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
