"""Birth dates are personal data; other dates and times are not, and must not be taken for numbers."""

import re
from collections.abc import Iterator
from functools import lru_cache

from service.pipeline.redact.spans import Span
from service.pipeline.redact.words import Words

PLAIN = ""
"""The kind of a span that is kept as it is."""

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_TIME = r"(?:(?:,| à| at)? {0,2}\d{1,2} ?(?:h|:) ?\d{2}(?::\d{2})?)?"


def births(folded: str, words: Words) -> Iterator[Span]:
    """Dates within 40 characters after a word for birth; right after "né", which folded is a negation too."""
    for found in _birth(words).finditer(folded):
        yield Span(*found.span("date"), "NAISSANCE", "".join(c for c in found["date"] if c.isalnum()))


def plain_dates(folded: str, words: Words) -> Iterator[Span]:
    """Dates with a year of four digits, with the time that follows, and months with their year."""
    for found in _date(words).finditer(folded):
        yield Span(*found.span(), PLAIN, found[0])


@lru_cache(maxsize=4)
def _birth(words: Words) -> re.Pattern[str]:
    months = "|".join((*words.months, *(rf"{short}\." for short in words.short_months), *words.short_months))
    date = (
        rf"\d{{1,2}}(?:er)? ?[-./ ] ?(?:\d{{1,2}}|{months}) ?[-./ ] ?\d{{2,4}}|(?:19|20)\d{{2}}[-/.]\d{{2}}[-/.]\d{{2}}"
    )
    cues = "|".join(re.escape(word) for word in words.birth)
    place = r"(?: +a +[^\W\d][^\d\n,;.]{1,30},?)?"
    after = rf"(?:(?<=\bne){place}[^\d\n]{{0,6}}|(?<!\bne)(?!\w)[^\d\n]{{0,40}})"
    return re.compile(rf"(?<!\w)(?:{cues})(?!\w){after}(?P<date>(?:{date}))(?!\d)")


@lru_cache(maxsize=4)
def _date(words: Words) -> re.Pattern[str]:
    months = "|".join(words.months)
    written = rf"(?:{_DAY}(?:er)? )?(?:{months}|janv|fevr|avr|juil|sept|oct|nov|dec)\.? (?:19|20)\d{{2}}"
    digits = rf"{_DAY}([-./ ]){_MONTH}\1(?:19|20)\d{{2}}|(?:19|20)\d{{2}}([-./]){_MONTH}\2{_DAY}(?:t\d\d)?"
    return re.compile(rf"(?<![\w.+-])(?:{digits}|{written}|{_MONTH}/(?:19|20)\d{{2}}){_TIME}(?![\w])(?!-\d)")
