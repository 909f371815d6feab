"""A body turned into readable text, before its characters are mended and its parts told apart."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

from service.domain.alignment import Alignment

MarkKind = Literal["thread", "forwarded", "signature"]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the markup itself says that a part begins: an offset into the text."""

    offset: int
    kind: MarkKind


@dataclass(frozen=True, slots=True)
class Readable:
    """Readable text with its way back to the source; `subject` is what the MIME headers say."""

    text: str
    alignment: Alignment
    marks: tuple[Mark, ...] = ()
    notes: tuple[str, ...] = ()
    subject: str = ""


def carried(marks: tuple[Mark, ...], alignment: Alignment) -> tuple[Mark, ...]:
    """Marks at their place in a text that was made from the marked one."""
    places = {run.source_start: run.start for run in alignment.runs}
    starts = sorted(places)
    return tuple(Mark(_place(mark.offset, starts, places), mark.kind) for mark in marks)


def _place(offset: int, starts: list[int], places: dict[int, int]) -> int:
    index = bisect_right(starts, offset) - 1
    return places[starts[index]] + offset - starts[index] if index >= 0 else offset
