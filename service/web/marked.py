"""Texts cut where evidence and findings stand in them, so that a template can mark the pieces."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, Protocol, TypeVar

from service.domain.alignment import Alignment
from service.domain.cleaned import Cleaned, Part
from service.domain.votes import Evidence


class Spanned(Protocol):
    @property
    def start(self) -> int | None: ...

    @property
    def end(self) -> int | None: ...


T = TypeVar("T", bound=Spanned)

OWN = frozenset({Part.BODY, Part.GREETING, Part.CLOSING})
"""What is shown first; everything else is folded."""


@dataclass(frozen=True, slots=True)
class Span(Generic[T]):
    start: int
    end: int
    about: T


@dataclass(frozen=True, slots=True)
class Piece(Generic[T]):
    """A stretch of text, with everything that is said about it, and of that what ends with it."""

    text: str
    about: tuple[T, ...] = ()
    ends: tuple[T, ...] = ()


@dataclass(frozen=True, slots=True)
class Portion:
    """A stretch of a message that belongs together; `part` is `own` for the customer's own new words."""

    part: str
    pieces: tuple[Piece[Evidence], ...]
    cut: bool = False


def pieces(text: str, start: int, end: int, spans: Sequence[Span[T]]) -> list[Piece[T]]:
    """The text's characters [start, end), cut where spans begin and end."""
    inside = [span for span in spans if span.start < end and span.end > start and span.start < span.end]
    edges = sorted({start, end, *(edge for span in inside for edge in (span.start, span.end) if start < edge < end)})
    return [
        _piece(text, a, b, [span for span in inside if span.start <= a and span.end >= b]) for a, b in pairwise(edges)
    ]


def _piece(text: str, start: int, end: int, spans: Sequence[Span[T]]) -> Piece[T]:
    about = tuple(span.about for span in spans)
    return Piece(text[start:end], about, tuple(span.about for span in spans if span.end == end))


def portions(cleaned: Cleaned, evidence: Iterable[Evidence], most: int | None = None) -> list[Portion]:
    """The message's parts in order; neighbours that are shown alike are one. At most `most` characters of each."""
    spans = in_text(cleaned.alignment, evidence)
    return [_portion(cleaned.text, part, start, end, spans, most) for part, start, end in _joined(cleaned)]


def in_text(alignment: Alignment, evidence: Iterable[Evidence]) -> list[Span[Evidence]]:
    """Evidence at its place in the cleaned text; what is not in it is left out."""
    found = ((one, _derived(alignment, one.start, one.end)) for one in evidence)
    return [Span(*place, one) for one, place in found if place is not None]


def _derived(alignment: Alignment, start: int | None, end: int | None) -> tuple[int, int] | None:
    """Where the source's [start, end) stands in the derived text: `Alignment.to_source` backwards."""
    if start is None or end is None or end <= start:
        return None
    low: int | None = None
    high = 0
    for run in alignment.runs:
        if run.source_start >= end or run.source_end <= start:
            continue
        shift = run.start - run.source_start
        first = max(start, run.source_start) + shift if run.copied else run.start
        last = min(end, run.source_end) + shift if run.copied else run.end
        low, high = first if low is None else min(low, first), max(high, last)
    return None if low is None else (low, high)


def _joined(cleaned: Cleaned) -> list[tuple[str, int, int]]:
    stretches: list[tuple[str, int, int]] = []
    for segment in cleaned.segments:
        part = "own" if segment.part in OWN else str(segment.part)
        if stretches and stretches[-1][0] == part:
            stretches[-1] = (part, stretches[-1][1], segment.end)
        else:
            stretches.append((part, segment.start, segment.end))
    return stretches


def _portion(text: str, part: str, start: int, end: int, spans: Sequence[Span[Evidence]], most: int | None) -> Portion:
    last = end if most is None else min(end, start + most)
    return Portion(part, tuple(pieces(text, start, last, spans)), cut=last < end)
