"""Personal data with a format of its own: e-mails, links, accounts, cards, plates, social security numbers, phones."""

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers
from stdnum import iban, luhn
from stdnum.fr import nir

from service.pipeline.redact.known import Known, national
from service.pipeline.redact.spans import Span
from service.pipeline.redact.words import Words

_AT = r"(?: ?@ ?| ?[(\[](?:at|arobase|a)[)\]] ?| arobase )"
_EMAIL = re.compile(rf"(?<![\w.+-])[\w.+-]{{1,64}}{_AT}(?:[\w-]{{1,63}}(?:\.| point )){{1,6}}[a-z]{{2,24}}\b", re.I)
_DOMAIN = re.compile(r"[\w-]+(?:(?:\.| point )[\w-]+)+$", re.I)
_SIGN = re.compile(r"@|[(\[](?:at|a)[)\]]|arobase", re.I)
_LINK = re.compile(r"(?:https?://|www\.)([\w.-]{1,200})(/[^\s<>\"')\]]{0,400})?", re.I)
_TOKEN = re.compile(r"[?=&]|(?=[\w-]{0,60}\d)(?=[\w-]{0,60}[a-z])[\w-]{16,}|\d{6,}", re.I)
_IBAN = re.compile(
    r"(?<!\w)(?:FR[ -]?|fr|[A-Z]{2})\d{2}(?:[ -]{0,2}(?=[A-Za-z]{0,3}\d)[A-Za-z0-9]{2,4}){2,8}(?:[ -]?\d{1,3})?(?!\w)"
)
_LOOSE_IBAN = re.compile(r"(?<!\w)[a-z]{2}[ .-]?\d{2}(?:[ .-]{0,2}(?=[a-z]{0,3}\d)[a-z\d]{1,4}){3,9}(?!\w)", re.I)
_BOXED_IBAN = re.compile(r"(?<!\w)[a-z] [a-z](?: [a-z\d]){12,32}(?!\w)", re.I)
"""As it stands in the boxes of a form."""
_CARD = re.compile(r"(?<![\w+-])\d{4}(?:[ .-]?\d{4}){2}[ .-]?\d{1,7}(?!\w)")
_NIR = re.compile(
    r"(?<![\w-])[12][ .-]?\d{2}[ .-]?(?:0[1-9]|1[0-2]|[2-9]\d)[ .-]?(?:\d{2}|2[ab])"
    r"[ .-]?\d{3}[ .-]?\d{3}(?:[ ./-]{0,3}\d{2})?(?!\w)",
    re.I,
)
_MARK = r" ?[._–-]? ?"
_PLATE = re.compile(rf"(?<![\w-])([a-hj-np-tv-z]{{2}}){_MARK}\d{{3}}{_MARK}([a-hj-np-tv-z]{{2}})(?![\w-])", re.I)
_OLD_PLATE = re.compile(
    r"(?<![\w-])(?<!\d[ .,])\d{1,4}[ -]?([a-hj-np-tv-z]{2,3})[ -]?(?:97[1-6]|\d{2}|2[ab])(?![\w-]|[.,]\d| ?[€%])", re.I
)
_FOREIGN_PLATE = re.compile(
    r"(?<![\w-])(?:[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} ?\d{1,4}|[A-Z]{2}\d{2} ?[A-Z]{3}|(?!19|20)\d{4} ?[B-DF-HJ-NP-TV-Z]{3})"
    r"(?![\w-])"
)
"""Of Germany, Britain and Spain: as unlike other words as the French ones."""
_NAMED_PLATE = re.compile(r"(?=[A-Z\d .-]{0,9}\d)(?=[\d .-]{0,9}[A-Z])[A-Z\d]{1,7}(?:[ .-]?[A-Z\d]{1,6}){0,3}(?![\w-])")
"""Of any country, right after the word for it."""
_PHONE = re.compile(r"(?<![\w])(?:\+|00)\(?[1-9]\d{0,2}\)?(?:[ .()/-]{0,3}\d){6,13}(?!\w)")
_FRENCH = re.compile(
    r"(?<![\w,-])(?<!\d[ .])(?:(?:\+|00|0 0 ?) ?33 ?(?:\(0\))?[ ./-]{0,2}|0 ?)[1-9]"
    r"(?:[ ./_-]{0,3}\d){8}(?![ ./_-]?\d)(?!\w)"
)
_PAIRS = re.compile(
    r"(?<![\w,-])(?<!\d[ .])(?:[0o][1-9](?:(?: ?[,·|;] ?|[ .-])(?:\d[\do]|o\d)){4}|33[ .-]?[1-9](?:[ .-]?\d\d){4})"
    r"(?![ ./_,-]{0,2}\d)(?!\w)",
    re.I,
)
"""Pairs of digits in unusual ways: with commas, with the letter O for a zero, without the plus before 33."""
_BLANKS = re.compile(r"[\s.()/_-]+")
_PLATE_MARKS = re.compile(r"[\s._–-]+")
_REACH = 32


def emails(text: str, known: Known) -> Iterator[Span]:
    if not _SIGN.search(text):
        return
    for found in _EMAIL.finditer(text):
        domain = _DOMAIN.search(found[0])
        if domain and not known.domain(domain[0].replace(" point ", ".")):
            yield Span(*found.span(), "EMAIL", re.sub(r"\s", "", found[0].lower()))


def links(text: str) -> Iterator[Span]:
    """Links that can open something personal: with a query, a long token or a long number."""
    for found in _LINK.finditer(text):
        if found[2] and _TOKEN.search(found[2]):
            yield Span(*found.span(), "LIEN", found[0])


def ibans(text: str, known: Known) -> Iterator[Span]:
    """IBANs, also mistyped or shortened ones: two letters, two digits, and ten digits or more in all."""
    for found in _IBAN.finditer(text):
        compact = _BLANKS.sub("", found[0]).upper()
        if sum(c.isdigit() for c in compact) >= 10 and compact[:2].isalpha() and not known.number(compact):
            yield Span(*found.span(), "IBAN", compact)
    for found in _LOOSE_IBAN.finditer(text):
        compact = _BLANKS.sub("", found[0]).upper()
        if 14 <= len(compact) <= 34 and iban.is_valid(compact, check_country=False):
            yield Span(*found.span(), "IBAN", compact)
    for found in _BOXED_IBAN.finditer(text):
        compact = found[0].replace(" ", "").upper()
        if iban.is_valid(compact, check_country=False):
            yield Span(*found.span(), "IBAN", compact)


def cards(text: str) -> Iterator[Span]:
    for found in _CARD.finditer(text):
        compact = _BLANKS.sub("", found[0])
        if 13 <= len(compact) <= 19 and luhn.is_valid(compact):
            yield Span(*found.span(), "CARTE", compact)


def social_security(text: str) -> Iterator[Span]:
    """With the key, checked; without it, thirteen digits of a NIR's shape."""
    for found in _NIR.finditer(text):
        compact = _BLANKS.sub("", found[0]).upper()
        if len(compact) == 13 or nir.is_valid(compact):
            yield Span(*found.span(), "NIR", compact[:13])


def plates(text: str, folded: str, words: Words) -> Iterator[Span]:
    """Both French formats: AB-123-CD since 2009, 1234 AB 56 before. Letters that are a small word, and the old format
    in small letters, count only shortly after a word for it, as do foreign ones."""
    for found in _PLATE.finditer(text):
        word = found[1].lower() in words.small and found[2].lower() in words.small
        one_case = found[0].isupper() or found[0].islower() or "-" in found[0]
        if one_case and (not word or "-" in found[0] or _spoken_of(folded, found.start(), words)):
            yield Span(*found.span(), "PLAQUE", _PLATE_MARKS.sub("", found[0]).upper())
    for found in _OLD_PLATE.finditer(text):
        sure = found[1].isupper() and found[1].lower() not in words.small
        if sure or (found[1].lower() not in words.units and _spoken_of(folded, found.start(), words)):
            yield Span(*found.span(), "PLAQUE", _PLATE_MARKS.sub("", found[0]).upper())
    yield from _foreign_plates(text, folded, words)


def _foreign_plates(text: str, folded: str, words: Words) -> Iterator[Span]:
    for found in _FOREIGN_PLATE.finditer(text):
        if _spoken_of(folded, found.start(), words):
            yield Span(*found.span(), "PLAQUE", _PLATE_MARKS.sub("", found[0]))
    for label in _plate_label(words).finditer(folded):
        if (named := _NAMED_PLATE.match(text, label.end())) and sum(c.isdigit() for c in named[0]) > 1:
            yield Span(*named.span(), "PLAQUE", _PLATE_MARKS.sub("", named[0]))


@lru_cache(maxsize=4)
def _plate_label(words: Words) -> re.Pattern[str]:
    label = "|".join(re.escape(word) for word in sorted(words.plate_labels, key=len, reverse=True))
    between = r"(?:(?:est|is|ist|e|es|la|le|no|n°|numero|c)\b[\s:.°]{0,3}){0,2}"
    return re.compile(rf"(?<!\w)(?:{label})(?!\w)[\s:.,°(]{{1,4}}{between}")


def _spoken_of(folded: str, start: int, words: Words) -> bool:
    before = folded[max(0, start - _REACH) : start]
    return any(word in before for word in words.plates)


def phones(text: str, known: Known) -> Iterator[Span]:
    """French numbers however they are grouped; others where libphonenumber finds them possible."""
    for found in _FRENCH.finditer(text):
        if not known.number(found[0]):
            yield Span(*found.span(), "TELEPHONE", national(found[0]))
    for found in _PAIRS.finditer(text):
        written = re.sub("[oO]", "0", found[0])
        if not known.number(written):
            yield Span(*found.span(), "TELEPHONE", national(written))
    for found in _PHONE.finditer(text):
        if not known.number(found[0]) and _possible(found[0]):
            yield Span(*found.span(), "TELEPHONE", national(found[0]))


def _possible(written: str) -> bool:
    try:
        number = phonenumbers.parse("+" + written.lstrip("+0"), None)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(number)
