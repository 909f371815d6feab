"""Birth dates: a date beside a word for birth."""

import re
from collections.abc import Iterator
from functools import lru_cache

from service.pipeline.redact.spans import Span
from service.pipeline.redact.words import Words


def births(folded: str, words: Words) -> Iterator[Span]:
    """Dates within 40 characters after one of the words for birth."""
    for found in _pattern(words).finditer(folded):
        yield Span(*found.span("date"), "NAISSANCE", "".join(c for c in found["date"] if c.isalnum()))


@lru_cache(maxsize=4)
def _pattern(words: Words) -> re.Pattern[str]:
    months = "|".join(words.months)
    date = rf"\d{{1,2}}(?:er)? ?[-./ ] ?(?:\d{{1,2}}|{months}) ?[-./ ] ?\d{{2,4}}|(?:19|20)\d{{2}}-\d{{2}}-\d{{2}}"
    cues = "|".join(re.escape(word) for word in words.birth)
    return re.compile(rf"(?<!\w)(?:{cues})(?!\w)[^\d\n]{{0,40}}(?P<date>{date})(?!\d)")
