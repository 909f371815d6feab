"""Postal addresses: street, and postcode with town, on one line or on the next ones."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from service.pipeline.redact.known import Known
from service.pipeline.redact.spans import Span
from service.pipeline.redact.words import Words, fold

_WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_SMALL = r"(?:(?:d|l|D|L|à l)['’]|(?:de|du|des|la|le|les|lès|sur|sous|en|et|aux?|à|DE|DU|DES|LA|LE|LES|SUR|ET)[ ])"
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'’-]*"
_PLACE = rf"{_CAPITAL}(?:[ -]{_SMALL}{{0,3}}{_CAPITAL}){{0,5}}(?: (?i:cedex)(?: \d{{1,2}})?)?"
_NAME = re.compile(
    rf"{_SMALL}{{0,3}}(?:{_PLACE}|{_WORD}(?:[ ]{_SMALL}{{0,3}}{_WORD}){{0,3}}(?=[ ]?[,\n]|[ ]\d{{5}})|{_WORD})"
)
_POSTCODE = re.compile(rf"(?<![\w-])(?:[FBLD]-)?\d{{2}} ?\d{{3}}[ ]{{1,2}}{_PLACE}")
_LOWER_TOWN = re.compile(rf"[\s,>]{{1,4}}\d{{5}}[ ]{{1,2}}{_WORD}(?:[ -]{_WORD}){{0,3}}(?=\s*(?:[.,;:!?\n]|$))")
_GAP = re.compile(r"[\s,;:>–()-]{0,6}(?:[^\n\d]{0,30}[\n,]\s{0,3}){0,2}[\s,>-]{0,4}")
_PRICE = re.compile(r"\s?(?:€|eur|km)")


def addresses(text: str, folded: str, known: Known, words: Words) -> Iterator[Span]:
    towns = [found.span() for found in _POSTCODE.finditer(text) if not _PRICE.match(folded, found.end())]
    for start, end in _streets(text, folded, words, towns):
        if not known.address(folded[start:end]):
            yield Span(start, end, "ADRESSE", _key(text[start:end]))
    for start, end in towns:
        if not known.address(folded[start:end]):
            yield Span(start, end, "ADRESSE", _key(text[start:end]))


def _streets(text: str, folded: str, words: Words, towns: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for pattern in (_numbered(words), _named(words)):
        for found in pattern.finditer(folded):
            name = _NAME.match(text, found.end())
            if name and (found["number"] or text[found.end()].isupper()):
                yield found.start(), _with_town(folded, name.end(), towns)


def _with_town(folded: str, end: int, towns: list[tuple[int, int]]) -> int:
    """Where the address ends that goes on after `end`: past a postcode and town that follow closely."""
    place = bisect_left(towns, (end, 0))
    if place < len(towns) and towns[place][0] <= end + 90 and _GAP.fullmatch(folded, end, towns[place][0]):
        return towns[place][1]
    lower = _LOWER_TOWN.match(folded, end)
    return lower.end() if lower else end


@lru_cache(maxsize=4)
def _numbered(words: Words) -> re.Pattern[str]:
    kinds = "|".join(sorted((re.escape(kind) for kind in words.streets), key=len, reverse=True))
    ordinal = r"(?:[ ]?(?:bis|ter|quater|[a-d]))?(?:[ ]?[/-][ ]?\d{1,4})?,?"
    return re.compile(rf"(?<![\w./-])(?P<number>\d{{1,4}}){ordinal}[ ]{{1,2}}(?:{kinds})\b\.?[ ]")


@lru_cache(maxsize=4)
def _named(words: Words) -> re.Pattern[str]:
    places = "|".join(re.escape(place) for place in words.places)
    return re.compile(rf"(?<![\w-])(?P<number>(?!))?(?:{places})[ ]")


def _key(value: str) -> str:
    return " ".join(re.findall(r"\w+", fold(value)))
