"""Where digits stand: no pattern of a number need look elsewhere."""

import re
from collections.abc import Iterator, Sequence

Near = Sequence[tuple[int, int]]

_DIGITS = re.compile(r"\d+")
_BLANK = re.compile(r"\s")
_AROUND = 48


def near_digits(text: str) -> Iterator[tuple[int, int]]:
    """Stretches from 48 characters before digits to 48 after, ending between words; in order and apart."""
    start = end = -1
    for found in _DIGITS.finditer(text):
        if found.start() <= end + _AROUND:
            end = max(end, found.end() + _AROUND)
            continue
        if end > 0:
            yield start, _blank_after(text, end)
        start, end = max(0, found.start() - _AROUND), found.end() + _AROUND
    if end > 0:
        yield start, _blank_after(text, end)


def _blank_after(text: str, place: int) -> int:
    reach = min(place + _AROUND, len(text))
    blank = _BLANK.search(text, min(place, reach), reach)
    return blank.start() if blank else reach
