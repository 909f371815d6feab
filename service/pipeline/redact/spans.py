"""What was found in a text, and how overlapping finds are settled."""

from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """Characters [start, end) are personal data of that kind; spans of one kind and key are one entity."""

    start: int
    end: int
    kind: str
    key: str


def settle(groups: Iterable[Iterable[Span]]) -> list[Span]:
    """Spans in order of the text without overlaps: an earlier group wins over a later one."""
    kept: list[Span] = []
    for group in groups:
        for span in group:
            place = bisect_left(kept, span)
            before_clear = place == 0 or kept[place - 1].end <= span.start
            after_clear = place == len(kept) or kept[place].start >= span.end
            if before_clear and after_clear and span.end > span.start:
                kept.insert(place, span)
    return kept
