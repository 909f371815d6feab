"""Personal data with a format of its own: e-mails, links, accounts, cards, plates, social security numbers, phones."""

import re
from collections.abc import Iterator

import phonenumbers
from stdnum import luhn
from stdnum.fr import nir

from service.pipeline.redact.known import Known, national
from service.pipeline.redact.spans import Span

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,6}[a-z]{2,24}\b", re.I)
_LINK = re.compile(r"(?:https?://|www\.)([\w.-]{1,200})(/[^\s<>\"')\]]{0,400})?", re.I)
_TOKEN = re.compile(r"[?=&]|(?=[\w-]{0,60}\d)(?=[\w-]{0,60}[a-z])[\w-]{16,}|\d{6,}", re.I)
_IBAN = re.compile(
    r"(?<!\w)(?:FR[ -]?|fr|[A-Z]{2})\d{2}(?:[ -]{0,2}(?=[A-Za-z]{0,3}\d)[A-Za-z0-9]{2,4}){2,8}(?:[ -]?\d{1,3})?(?!\w)"
)
_CARD = re.compile(r"(?<![\w+-])\d{4}(?:[ -]?\d{4}){2}[ -]?\d{1,7}(?!\w)")
_NIR = re.compile(
    r"(?<![\w-])[12][ .]?\d{2}[ .]?(?:0[1-9]|1[0-2]|[2-9]\d)[ .]?(?:\d{2}|2[ab])"
    r"[ .]?\d{3}[ .]?\d{3}(?:[ ./-]{0,3}\d{2})?(?!\w)",
    re.I,
)
_PLATE = re.compile(r"(?<![\w-])[a-hj-np-tv-z]{2}[ .-]?\d{3}[ .-]?[a-hj-np-tv-z]{2}(?![\w-])", re.I)
_OLD_PLATE = re.compile(r"(?<![\w-])\d{1,4}[ -]?[A-HJ-NP-TV-Z]{2,3}[ -]?(?:\d{2}|2[AB])(?![\w-])")
_NO_PLATE = frozenset({"EUR", "TTC", "KM", "CV", "CH", "KG", "HT", "KMS", "MO", "GO"})
_PHONE = re.compile(r"(?<![\w])(?:\+|00)\(?[1-9]\d{0,2}\)?(?:[ .()/-]{0,3}\d){6,13}(?!\w)")
_FRENCH = re.compile(
    r"(?<![\w,-])(?<!\d[ .])(?:(?:\+|00) ?33 ?(?:\(0\))?[ ./-]{0,2}|0)[1-9](?:[ ./_-]{0,3}\d){8}(?![ ./_-]?\d)(?!\w)"
)
_BLANKS = re.compile(r"[\s.()/_-]+")


def emails(text: str, known: Known) -> Iterator[Span]:
    if "@" not in text:
        return
    for found in _EMAIL.finditer(text):
        if not known.domain(found[0].rpartition("@")[2]):
            yield Span(*found.span(), "EMAIL", found[0].lower())


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


def plates(text: str) -> Iterator[Span]:
    """Both French formats: AB-123-CD since 2009, 1234 AB 56 before."""
    for found in _PLATE.finditer(text):
        if found[0].isupper() or found[0].islower() or "-" in found[0]:
            yield Span(*found.span(), "PLAQUE", _BLANKS.sub("", found[0]).upper())
    for found in _OLD_PLATE.finditer(text):
        compact = _BLANKS.sub("", found[0])
        if "".join(c for c in compact[:-2] if c.isalpha()) not in _NO_PLATE:
            yield Span(*found.span(), "PLAQUE", compact)


def phones(text: str, known: Known) -> Iterator[Span]:
    """French numbers however they are grouped; others where libphonenumber finds them possible."""
    for found in _FRENCH.finditer(text):
        if not known.number(found[0]):
            yield Span(*found.span(), "TELEPHONE", national(found[0]))
    for found in _PHONE.finditer(text):
        if not known.number(found[0]) and _possible(found[0]):
            yield Span(*found.span(), "TELEPHONE", national(found[0]))


def _possible(written: str) -> bool:
    try:
        number = phonenumbers.parse("+" + written.lstrip("+0"), None)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(number)
