"""Birth dates are personal data; other dates and times are not, and must not be taken for numbers."""

import re
from collections.abc import Iterator
from functools import lru_cache

from service.pipeline.redact.spans import Span
from service.pipeline.redact.words import Words

PLAIN = ""
"""The kind of a span that is kept as it is."""

_MOST_BESIDE = 4
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_TIME = r"(?:(?:,| à| at)? {0,2}\d{1,2} ?(?:h|:) ?\d{2}(?::\d{2})?)?"


def births(folded: str, words: Words) -> Iterator[Span]:
    """Dates within 40 characters after a word for birth; right after "né", which folded is a negation too. And the
    date of whoever is told of next: "mon fils est né le 2/11/2008 et ma fille le 14/6/2011"."""
    for found in _birth(words).finditer(folded):
        if arose(found, words):
            continue
        yield _as_birth(found)
        end = found.end("date")
        for _ in range(_MOST_BESIDE):
            beside = _beside(words).match(folded, end)
            if not beside:
                break
            yield _as_birth(beside)
            end = beside.end("date")


def arose(found: re.Match[str], words: Words) -> bool:
    """Whether what is "née" is no person: a debt, "née à la suite de l'accident le 12/3", "née du courrier du 12/3".
    `found` has the groups `cue` and `date`."""
    if found["cue"] not in words.born:
        return False
    between = re.findall(r"[^\W\d_]+", found.string[found.end("cue") : found.start("date")])
    return bool(between) and (between[-1] in words.since or not words.arising.isdisjoint(between))


def _as_birth(found: re.Match[str]) -> Span:
    return Span(*found.span("date"), "NAISSANCE", "".join(c for c in found["date"] if c.isalnum()))


def plain_dates(folded: str, words: Words) -> Iterator[Span]:
    """Dates with a year of four digits, with the time that follows, and months with their year."""
    for found in _date(words).finditer(folded):
        yield Span(*found.span(), PLAIN, found[0])


@lru_cache(maxsize=4)
def _beside(words: Words) -> re.Pattern[str]:
    close = "|".join(sorted(words.relations, key=len, reverse=True))
    who = rf"(?:moi|lui|elle|me|him|her|(?:mon|ma|son|sa|notre|leur|my|his|her|our) (?:{close}))(?: aussi)?"
    return re.compile(rf",?(?: et| and)? {who},? (?:le |on |on the )?(?P<date>{_any_date(words)})(?!\d)")


@lru_cache(maxsize=4)
def _birth(words: Words) -> re.Pattern[str]:
    date = _any_date(words)
    cues = "|".join(re.escape(word) for word in words.birth)
    place = r"(?: +a +[^\W\d][^\d\n,;.]{1,30},?)?"
    after = rf"(?:(?<=\bne){place}[^\d\n]{{0,6}}|(?<!\bne)(?!\w)[^\d\n]{{0,40}})"
    months = "|".join(words.months)
    month = rf"(?<=\bne en )(?:{months}) (?:19|20)\d{{2}}|(?<=\bnee en )(?:{months}) (?:19|20)\d{{2}}"
    return re.compile(rf"(?<!\w)(?P<cue>{cues})(?!\w){after}(?P<date>(?:{date}|{month}))(?!\d)")


def _any_date(words: Words) -> str:
    months = "|".join((*words.months, *(rf"{short}\." for short in words.short_months), *words.short_months))
    return (
        rf"\d{{1,2}}(?:er|st|nd|rd|th|\.)? ?[-./ ] ?(?:de |of )?(?:\d{{1,2}}|{months}) ?[-./ ] ?(?:de |del )?\d{{2,4}}"
        rf"|(?:19|20)\d{{2}}[-/.]\d{{2}}[-/.]\d{{2}}|(?:19|20)\d{{2}}, le \d{{1,2}} (?:{months})"
    )


@lru_cache(maxsize=4)
def _date(words: Words) -> re.Pattern[str]:
    months = "|".join(words.months)
    written = rf"(?:{_DAY}(?:er)? )?(?:{months}|janv|fevr|avr|juil|sept|oct|nov|dec)\.? (?:19|20)\d{{2}}"
    digits = rf"{_DAY}([-./ ]){_MONTH}\1(?:19|20)\d{{2}}|(?:19|20)\d{{2}}([-./]){_MONTH}\2{_DAY}(?:t\d\d)?"
    return re.compile(rf"(?<![\w.+-])(?:{digits}|{written}|{_MONTH}/(?:19|20)\d{{2}}){_TIME}(?![\w])(?!-\d)")
