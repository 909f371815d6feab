"""Where each piece of a derived text stands in the text that it was made from."""

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple


class Run(NamedTuple):
    """Derived characters [start, end) were made from source characters [source_start, source_end).

    Where both lengths are equal the run is a copy and maps character by character; otherwise
    (an entity, a placeholder) it maps as a whole.
    """

    start: int
    end: int
    source_start: int
    source_end: int

    @property
    def copied(self) -> bool:
        return self.end - self.start == self.source_end - self.source_start


class Alignment:
    """Runs in order of the derived text; derived characters outside every run have no source."""

    __slots__ = ("_ends", "runs")

    def __init__(self, runs: Iterable[Run] = ()) -> None:
        self.runs = tuple(run for run in runs if run.end > run.start)
        self._ends = [run.end for run in self.runs]

    @classmethod
    def identity(cls, length: int) -> "Alignment":
        return cls([Run(0, length, 0, length)])

    def to_source(self, start: int, end: int) -> tuple[int, int] | None:
        """Smallest source span that covers derived [start, end), or None where nothing of it has a source."""
        found: tuple[int, int] | None = None
        for index in range(bisect_right(self._ends, start), len(self.runs)):
            run = self.runs[index]
            if run.start >= end:
                break
            span = _clip(run, start, end)
            found = span if found is None else (min(found[0], span[0]), max(found[1], span[1]))
        return found

    def after(self, earlier: "Alignment") -> "Alignment":
        """This alignment carried back through the one that its source was made with."""
        runs: list[Run] = []
        for run in self.runs:
            if run.copied:
                runs.extend(_through(run, earlier))
            elif (span := earlier.to_source(run.source_start, run.source_end)) is not None:
                runs.append(Run(run.start, run.end, *span))
        return Alignment(runs)


def _clip(run: Run, start: int, end: int) -> tuple[int, int]:
    if not run.copied:
        return run.source_start, run.source_end
    low = max(start, run.start) - run.start
    high = min(end, run.end) - run.start
    return run.source_start + low, run.source_start + high


def _through(run: Run, earlier: Alignment) -> Iterable[Run]:
    shift = run.start - run.source_start
    for index in range(bisect_right(earlier._ends, run.source_start), len(earlier.runs)):
        piece = earlier.runs[index]
        if piece.start >= run.source_end:
            return
        low, high = max(piece.start, run.source_start), min(piece.end, run.source_end)
        yield Run(low + shift, high + shift, *_clip(piece, low, high))
