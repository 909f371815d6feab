"""Phone numbers written out in words, as people dictate them."""

import re
from collections.abc import Iterator
from functools import lru_cache

from service.pipeline.redact.spans import Span
from service.pipeline.redact.words import Words

_LEAST = 5


def phones(folded: str, words: Words) -> Iterator[Span]:
    """Runs of number words that begin with a zero and have five words or more."""
    zero = words.digits[0]
    if zero not in folded:
        return
    for found in _run(words).finditer(folded):
        if len(re.findall(r"[^\W\d_]+", found[0])) >= _LEAST:
            yield Span(*found.span(), "TELEPHONE", " ".join(re.findall(r"[^\W\d_]+", found[0])))


@lru_cache(maxsize=4)
def _run(words: Words) -> re.Pattern[str]:
    zero, *others = (re.escape(word) for word in words.digits)
    one = rf"(?:{zero}|" + "|".join(others) + r")\b"
    return re.compile(rf"\b{zero}\b(?:[ ,.-]{{1,3}}{one}){{1,24}}")
