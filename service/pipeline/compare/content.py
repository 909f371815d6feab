"""What a text says besides its greeting and its end, in words and sentences."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from service.domain.answers import PLACEHOLDER
from service.domain.cleaned import Part
from service.domain.draft import Paragraph
from service.domain.limits import READ_CHARS
from service.domain.message import Message
from service.pipeline.clean import clean
from service.pipeline.compare.rules import rules
from service.pipeline.redact.words import fold

BLANK_LINE = "\n\n"
MOST_WORDS = 2_000
"""Words of each side that are compared: what differs is found in quadratic time."""
LONGEST_GREETING = 80
_WORD = re.compile(r"\{[a-z][a-z0-9_]{0,40}\}|\d+(?:[.,]\d+)*|[^\W\d_]+|\d+\w+|[€$£%]")
_SENTENCE = re.compile(r"[^\n]+?(?:(?<!\b[A-Z])[.!?;:](?=\s|$)|(?=\n|$))")
_QUOTED = frozenset({Part.QUOTE, Part.FORWARDED})


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word and where it stands; `holder`: it is a placeholder."""

    key: str
    start: int
    end: int
    holder: bool


@dataclass(frozen=True)
class Content:
    """`paragraphs`: the index that each had before greeting and end were cut off, and where it stands in `text`."""

    text: str
    paragraphs: tuple[tuple[int, int, int], ...]

    @cached_property
    def words(self) -> list[Word]:
        folded = fold(self.text)
        found = (Word(one[0], *one.span(), one[0][0] == "{") for one in _WORD.finditer(folded))
        return [word for word, _ in zip(found, range(MOST_WORDS), strict=False)]

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Where those stand that hold a word that is compared."""
        read = self.words[-1].end if self.words else 0
        spans = ((one.start() + _margin(one[0]), one.end()) for one in _SENTENCE.finditer(self.text))
        return [(start, end) for start, end in spans if start < read and _WORD.search(fold(self.text[start:end]))]

    def paragraph_of(self, place: int) -> int:
        """The index of the paragraph around, or right before, that character."""
        return max((index for index, start, _ in self.paragraphs if start <= place), default=0)


def content_of_draft(paragraphs: Sequence[Paragraph], signature: str) -> Content:
    return _content([one.text for one in paragraphs], signature)


def content_of_reply(text: str, signature: str) -> Content:
    """Without the thread that is quoted below."""
    cleaned = clean(Message(body=text))
    own = "".join(
        cleaned.text[segment.start : segment.end] + BLANK_LINE
        for segment in cleaned.segments
        if segment.part not in _QUOTED
    )
    return _content(re.split(r"\n\s*\n", own.strip() or cleaned.text), signature)


def _content(blocks: Sequence[str], signature: str) -> Content:
    text, placed = "", list[tuple[int, int, int]]()
    for index, block in _said(blocks, signature):
        start = len(text)
        if start > READ_CHARS:
            break
        text += block[:READ_CHARS]
        placed.append((index, start, len(text)))
        text += BLANK_LINE
    return Content(text, tuple(placed))


def _said(blocks: Sequence[str], signature: str) -> Iterator[tuple[int, str]]:
    signed = {fold(PLACEHOLDER.sub("", line)).strip() for line in signature.splitlines()} - {""}
    closed = False
    for index, block in enumerate(blocks):
        kept: list[str] = []
        for number, line in enumerate(block.splitlines()):
            folded = fold(line)
            if rules().closing.match(folded) and (index or number):
                closed = True
            elif closed and rules().postscript.match(folded):
                closed = False
            if closed:
                continue
            if not (index == 0 and number == 0 and _greets(folded)) and folded.strip() not in signed:
                kept.append(line)
        if any(line.strip() for line in kept):
            yield index, "\n".join(kept)


def _greets(folded: str) -> bool:
    """Also by placeholders alone, such as `{civilite} {nom},`."""
    if not PLACEHOLDER.sub("", folded).strip(" ,.:!"):
        return True
    return len(folded) <= LONGEST_GREETING and rules().greeting.match(folded) is not None


def _margin(text: str) -> int:
    return len(text) - len(text.lstrip(" \t-•*"))
