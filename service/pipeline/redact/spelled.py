"""Phone numbers and birth dates written out in words, as people dictate them."""

import re
from collections.abc import Iterator
from functools import lru_cache

from service.pipeline.redact.births import arose
from service.pipeline.redact.spans import Span
from service.pipeline.redact.words import Words

_LEAST = 5


def phones(folded: str, words: Words) -> Iterator[Span]:
    """Runs of number words that begin with a zero and have five words or more, some of them pairs of digits."""
    zero = words.digits[0]
    if zero not in folded:
        return
    for found in _run(words).finditer(folded):
        said = re.findall(r"[^\W_]+", found[0])
        if len(said) >= _LEAST:
            yield Span(*found.span(), "TELEPHONE", " ".join(said))


def births(folded: str, words: Words) -> Iterator[Span]:
    """Days and years in words around a month, shortly after a word for birth."""
    if not any(cue in folded for cue in words.birth):
        return
    for found in _birth(words).finditer(folded):
        if not arose(found, words):
            yield Span(*found.span("date"), "NAISSANCE", " ".join(found["date"].split()))


@lru_cache(maxsize=4)
def _birth(words: Words) -> re.Pattern[str]:
    one = "|".join(re.escape(word) for word in sorted((*words.digits, *words.thousands), key=len, reverse=True))
    number = rf"(?:{one})(?:[ -](?:{one})){{0,9}}"
    months, cues = "|".join(words.months), "|".join(re.escape(word) for word in words.birth)
    date = rf"(?:premier|{number}) (?:{months})(?: {number}| \d{{4}})"
    return re.compile(rf"(?<!\w)(?P<cue>{cues})(?!\w)[^\n]{{0,40}}?(?<!\w)(?P<date>{date})(?!\w)")


@lru_cache(maxsize=4)
def _run(words: Words) -> re.Pattern[str]:
    zero, *others = (re.escape(word) for word in words.digits)
    one = rf"(?:{zero}|" + "|".join(others) + r"|\d\d(?! ?h|[.,]\d| ?€))\b"
    return re.compile(rf"\b{zero}\b(?:[ ,.-]{{1,3}}{one}){{1,24}}")
