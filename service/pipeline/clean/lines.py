"""The lines of a text, each with its place and, once known, its part."""

import re
from dataclasses import dataclass

from service.domain.cleaned import Part, Segment
from service.pipeline.clean.amid import parted
from service.pipeline.clean.phrases import MailPhrases, folded

_QUOTE_MARK = re.compile(r">")


@dataclass(slots=True)
class Line:
    """One line that is not blank: text[start:end] without its outer spaces, and the same folded.

    `own_from` and `own_to` leave out a greeting before, or a name after, the words on the same line.
    `gap`: a blank line stands before it. `phrase` is the folded line with single spaces, for word lists.
    `marks`: how many characters of a quote mark or a label stand before `start`, once the line is read without them.
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
    marks: int = 0

    def cut(self, count: int) -> None:
        """Reads the line without so many of its first characters, which become a header of it."""
        rest = self.text[count:].lstrip()
        taken = len(self.text) - len(rest)
        self.marks, self.start, self.text, self.folded = taken, self.start + taken, rest, self.folded[taken:]
        self.phrase, self.quoted = " ".join(self.folded.split()), rest.startswith(">")


def lines_of(text: str, phrases: MailPhrases) -> list[Line]:
    """The lines as they stand, but one that announces an earlier message amid its words is several."""
    plain, lines = folded(text), list[Line]()
    at, gap = 0, True
    for raw in text.split("\n"):
        for piece in parted(raw, plain[at : at + len(raw)], phrases):
            words = piece.strip()
            if words:
                start = at + piece.index(words[0])
                end = start + len(words)
                same = plain[start:end]
                phrase = " ".join(same.split()) if "  " in same or "\t" in same else same
                lines.append(Line(start, end, words, same, phrase, gap, words.startswith(">")))
                gap = False
            at += len(piece)
        gap, at = not raw.strip(), at + 1
    return lines


def unquoted(lines: list[Line]) -> list[Line]:
    """Those that say anything, read without their outermost quote mark; the others are left as headers."""
    told, gap = list[Line](), True
    for line in lines:
        gap = gap or line.gap
        if found := _QUOTE_MARK.match(line.text):
            line.cut(found.end())
        line.gap = gap
        if line.text:
            told.append(line)
        else:
            line.part = Part.HEADER
        gap = not line.text
    return told


def segments_of(lines: list[Line]) -> tuple[Segment, ...]:
    """Neighbouring lines of one part as one segment, a paragraph break or not."""
    segments: list[Segment] = []
    for line in lines:
        part = line.part or Part.BODY
        low, high = line.start + line.own_from, line.end - line.own_to
        pieces = [
            (Part.HEADER, line.start - line.marks, line.start),
            (Part.GREETING, line.start, low),
            (part, low, high),
            (Part.SIGNATURE, high, line.end),
        ]
        for kind, start, end in pieces:
            if start >= end:
                continue
            if segments and segments[-1].part is kind:
                segments[-1] = Segment(kind, segments[-1].start, end)
            else:
                segments.append(Segment(kind, start, end))
    return tuple(segments)
