"""The text with placeholders in place of what was found, and where each of its pieces came from."""

from collections.abc import Sequence

from service.domain.alignment import Run
from service.domain.cleaned import Segment


def rewrite(text: str, start: int, end: int, finds: Sequence[tuple[int, int, str]]) -> tuple[str, list[Run]]:
    """`text[start:end]` with each find (start, end, placeholder; in order, apart) replaced.

    The runs map the result back to `text`. A find that begins before `end` is replaced as a whole.
    """
    pieces: list[str] = []
    runs: list[Run] = []
    written, at = 0, start
    for low, high, placeholder in finds:
        if low < at or low >= end:
            continue
        for piece, source_end in ((text[at:low], low), (placeholder, high)):
            if piece:
                pieces.append(piece)
                runs.append(Run(written, written + len(piece), at, source_end))
                written += len(piece)
            at = source_end
    if at < end:
        pieces.append(text[at:end])
        runs.append(Run(written, written + end - at, at, end))
    return "".join(pieces), runs


def carry(segments: Sequence[Segment], runs: Sequence[Run]) -> tuple[Segment, ...]:
    """Segments of the source in the rewritten text; a placeholder belongs to the segment that it begins in."""
    carried: list[Segment] = []
    place = 0
    for segment in segments:
        low = high = None
        while place < len(runs) and runs[place].source_end <= segment.start:
            place += 1
        reach = place
        while reach < len(runs) and runs[reach].source_start < segment.end:
            piece = _within(runs[reach], segment)
            if piece is not None:
                low = piece[0] if low is None else low
                high = piece[1]
            reach += 1
        if low is not None and high is not None:
            carried.append(Segment(segment.part, low, high))
    return tuple(carried)


def _within(run: Run, segment: Segment) -> tuple[int, int] | None:
    if not run.copied:
        return (run.start, run.end) if run.source_start >= segment.start else None
    low, high = max(run.source_start, segment.start), min(run.source_end, segment.end)
    return (run.start + low - run.source_start, run.start + high - run.source_start) if high > low else None
