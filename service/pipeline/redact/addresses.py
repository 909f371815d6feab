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
_PLACE = (
    rf"{_CAPITAL}(?:[ -]{_SMALL}{{0,3}}{_CAPITAL}){{0,5}}(?: (?i:cedex))?(?:(?<=[cC][eE][dD][eE][xX]) \d{{1,2}}\b)?"
)
_DAY = r"\d{1,2}(?:er)?[ ][^\W\d_]{3,9}(?:[ ](?:19|18)\d{2})?"
_SMALL_NAME = rf"{_WORD}(?:[ ]{_SMALL}{{0,3}}{_WORD}){{0,3}}(?=[ ]?[,\n]|[ ]\d{{5}})"
_NAME = re.compile(rf"{_SMALL}{{0,3}}(?:{_DAY}|{_PLACE}|{_SMALL_NAME}|{_WORD})")
_POSTCODE = re.compile(rf"(?<![\w-])(?:(?:[FBLD]-)?\d{{2}} ?\d{{3}}|(?:B|L|CH)-\d{{4}})[ ]{{1,2}}{_PLACE}")
_BRITISH = rf"(?:{_PLACE},?[ ])?[A-Z]{{1,2}}\d[\dA-Z]?[ ]\d[A-Z]{{2}}\b"
_ABROAD = re.compile(rf"[ ]?[,\n–-]?[ \n]{{0,2}}(?:(?:[A-Z]{{1,2}}-)?\d{{4,5}}[ ]{_PLACE}|{_BRITISH})")
_NAMED_PLACE = re.compile(rf"(?<![\w'’-])(?:(?:La|Le|Les) |L['’])?{_PLACE}[ ]?,[ ]$")
_CLOCK = re.compile(r"\d ?h ?$")
_LOWER_TOWN = re.compile(rf"[\s,>]{{1,4}}\d{{5}}[ ]{{1,2}}{_WORD}(?:[ -]{_WORD}){{0,3}}(?=\s*(?:[.,;:!?\n]|$))")
_ONLY_TOWN = re.compile(rf", ?(?:à )?{_PLACE}(?=[ ]?(?:\n|[.)]|$))")
_GAP = re.compile(r"[\s,;:>–()-]{0,6}(?:[^\n\d]{0,30}[\n,]\s{0,3}){0,2}[\s,>-]{0,4}")
_PRICE = re.compile(r"\s?(?:€|eur|km)")
_PLACE_LINE = re.compile(r"(?:\d{1,4}[ ,]|[^\W\d_a-z])[^\n:;.!?@<>]{2,48}(?:\.[^\n:;.!?@<>]{1,12})?")
_REACH = 90
_MOST_BEFORE = 4


def addresses(text: str, folded: str, known: Known, words: Words) -> Iterator[Span]:
    """Spans of kind ADRESSE, the company's own left out; a longer one stands before those inside of it."""
    towns = [found.span() for found in _POSTCODE.finditer(text) if not _PRICE.match(folded, found.end())]
    streets = list(_streets(text, folded, words, towns))
    starts = {end: start for start, end in streets}
    for start, end in towns:
        first = starts.get(end, start)
        top = _before_town(text, folded, start, words) if first == start else None
        top = _line_above(text, folded, first, words) if top is None else top
        if top is not None:
            streets.append((top, end))
    for start, end in sorted([*streets, *towns], key=lambda span: span[0] - span[1]):
        if not known.address(folded[start:end]):
            yield Span(start, end, "ADRESSE", " ".join(re.findall(r"\w+", fold(text[start:end]))))


def _streets(text: str, folded: str, words: Words, towns: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for found in _street(words).finditer(folded):
        name = _NAME.match(text, found.end()) if found["kind"] else None
        if found["kind"] and not name:
            continue
        if found["place"] and not text[found.end()].isupper():
            continue
        end = name.end() if name else found.end()
        whole = _with_town(text, folded, end, towns, words)
        if (found["after"] and whole == end) or _CLOCK.search(folded[max(0, found.start() - 4) : found.start()]):
            continue
        yield _with_what_stands_before(folded, found.start(), words), whole


def _with_what_stands_before(folded: str, start: int, words: Words) -> int:
    """Where the address begins that has a complement before its number: "Bât. C, appt 12, 5 rue des Lilas"."""
    for _ in range(_MOST_BEFORE):  # one after the other: nested in one pattern they would cost seconds
        found = _leading(words).search(folded, max(0, start - _REACH // 2), start)
        if not found:
            break
        start = found.start()
    return start


def _before_town(text: str, folded: str, start: int, words: Words) -> int | None:
    """Start of what stands in the street's stead before a postcode: "ZA des Peupliers, 71100 Lux", "CS 30124"."""
    place = _with_what_stands_before(folded, start, words)
    top = place if place < start else None
    found = _NAMED_PLACE.search(text, max(0, place - _REACH), place)
    if not found:
        return top
    named = re.findall(r"[^\W\d_]+", folded[found.start() : place])
    person = any(
        word in words.first_names or word in words.titles or word in words.never - words.small for word in named
    )
    return top if person else found.start()


def _with_town(text: str, folded: str, end: int, towns: list[tuple[int, int]], words: Words) -> int:
    """Where the address ends that goes on after `end`: past complements, and a postcode and town close by."""
    end = _complement(words).match(folded, end).end()  # type: ignore[union-attr]
    place = bisect_left(towns, (end, 0))
    if place < len(towns) and towns[place][0] <= end + _REACH and _GAP.fullmatch(folded, end, towns[place][0]):
        return towns[place][1]
    further = _LOWER_TOWN.match(folded, end) or _ABROAD.match(text, end) or _ONLY_TOWN.match(text, end)
    return further.end() if further else end


def _line_above(text: str, folded: str, start: int, words: Words) -> int | None:
    """Start of the line before an address that begins its line, where it names a place and not a person."""
    line = text.rfind("\n", 0, start)
    if line <= 0 or text[line + 1 : start].strip(" >"):
        return None
    above = text.rfind("\n", 0, line) + 1
    first = above == 0 or not text[:above].rstrip(" >\n")[-1:] or text[above - 2 : above - 1] in ("\n", "\x00")
    if first or not _PLACE_LINE.fullmatch(text[above:line].rstrip(", \r")):
        return None
    written = re.findall(r"[^\W\d_]{4,}", folded[above:line])
    named = any(word in words.first_names or word in words.never or word in words.titles for word in written)
    return None if named and not text[above].isdigit() else above


@lru_cache(maxsize=4)
def _street(words: Words) -> re.Pattern[str]:
    kinds = _any(words.streets)
    of = r"(?:(?:de la|du)[ ])?"
    ordinal = r"(?:[ ]?(?:bis|ter|quater|[a-d]))?(?:[ ]?[/-][ ]?\d{1,4})?,?"
    numbered = rf"\d{{1,4}}{ordinal}[ ]{{1,2}}{of}(?:(?P<bare>{_any(words.bare_streets)})\b|(?P<kind>{kinds})\b\.?[ ])"
    foreign = rf"(?:{_any(words.foreign_streets)})[ ][^\W\d_]+(?:[ ][^\W\d_]+){{0,3}},?[ ]\d{{1,4}}\b"
    german = r"[^\W\d_]{3,30}(?:strasse|straße|str\.|weg|platz|gasse)[ ]\d{1,4}\b"
    after = (
        rf"(?P<after>(?:{kinds})[ ][^\W\d_][^\d\n,]{{2,40}}[ ,]{{1,2}}\d{{1,4}}\b)(?:[ ](?:bte|bus|boite)[ ]\w{{1,4}})?"
    )
    english = r"\d{1,4}[ ](?:[^\W\d_]{2,20}[ ]){1,3}(?:street|road|lane|avenue|drive|close|way|terrace|gardens|court)\b"
    return re.compile(
        rf"(?<![\w./-])(?:{numbered}|(?P<place>{_any(words.places)})[ ]|{foreign}|{german}|{after}|{english})"
    )


@lru_cache(maxsize=4)
def _leading(words: Words) -> re.Pattern[str]:
    kinds = _any((*words.complements, *words.estates))
    return re.compile(
        rf"(?<![\w'’-])(?:\d{{1,2}}[a-z]{{1,3}}[ ])?(?:{kinds})\b[. °]{{0,3}}[\w°'’ -]{{0,40}}[\s,–-]{{1,3}}$"
    )


@lru_cache(maxsize=4)
def _complement(words: Words) -> re.Pattern[str]:
    one = rf"[ ,\n-]{{1,3}}(?:{_any(words.complements)})\b[. °]{{0,3}}[\w°-]{{1,20}}"
    return re.compile(rf"(?:{one}){{0,4}}")


def _any(given: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(given, key=len, reverse=True))
