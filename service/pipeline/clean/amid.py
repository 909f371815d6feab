"""Lines that announce an earlier message amid their words, as programs write them that end no line there."""

import re
from collections.abc import Iterator

from service.pipeline.clean.phrases import MailPhrases

_ATTRIBUTION_CHARS = 250
_TIME = re.compile(r"\b\d{1,2}[:h]\d{2}")


def parted(line: str, plain: str, phrases: MailPhrases) -> Iterator[str]:
    """The line in pieces: what is written above, who wrote when, and what he wrote. `plain` is the line, folded."""
    at = 0
    for verb in phrases.attributing.finditer(plain) if "@" in line else ():
        start = _begin(line, plain, max(at, verb.start() - _ATTRIBUTION_CHARS), verb.start(), phrases)
        if start is not None:
            yield from (piece for piece in (line[at:start], line[start : verb.end()]) if piece)
            at = verb.end()
    yield line[at:]


def _begin(line: str, plain: str, low: int, high: int, phrases: MailPhrases) -> int | None:
    """Where what ends there begins to say who wrote when: it names a time and an address. Capitals are preferred."""
    starts = [
        found.start()
        for found in phrases.attribution_start.finditer(plain, low, high)
        if "@" in line[found.start() : high] and _TIME.search(plain, found.start(), high)
    ]
    capital = [start for start in starts if line[start].isupper()]
    return capital[-1] if capital else next(iter(starts), None)
