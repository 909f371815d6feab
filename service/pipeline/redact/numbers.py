"""Numbers of files, contracts and members: the account's own patterns, labelled ones, and whatever looks like one."""

import re
from collections.abc import Iterator
from functools import lru_cache

from service.pipeline.redact.known import Known
from service.pipeline.redact.near import Near
from service.pipeline.redact.spans import Span
from service.pipeline.redact.words import Words

_CODE = (
    r"(?:[a-z]{1,6}[-./]?|[a-z]{1,3} )?\d[\da-z]{0,30}"
    r"(?:[-./ ](?:\d[\da-z]{0,16}|[a-z]{1,4}(?=[-./ ]?\d)|[a-z]\b)){0,6}(?:/[a-z]{1,4}\b)?"
)
_BARE = re.compile(r"(?<![\w+€$.,-])(?<!\d )(?:\d{6,20}|\d{1,4}(?:[ .-]\d{2,4}){1,6})(?: ?[A-Z])?(?![\w€$%]|[.,-]\d)")
_SERIAL = re.compile(
    r"(?<![\w.-])(?:[A-Za-z]{1,5}[-–/]?|[A-Z]{1,5}[ -])\d{2,12}(?:[-–/. ]?[A-Z]{1,4}(?=[-–/. ]\d))?"
    r"(?:[-–/. ]\d{1,12}){0,4}(?:[- ]?[A-Z])?(?!\w)",
    re.ASCII,
)
_MIXED = re.compile(
    r"(?<![\w./-])(?=[A-Z/-]{0,20}\d)(?=[\d/-]{0,20}[A-Z])[A-Z0-9]{1,16}(?:[-/][A-Z0-9]{1,16}){1,5}(?![\w-])"
)
_LETTERS = re.compile(r"(?<![\w./-])(?=[A-Z]{0,16}\d)(?=\d{0,16}[A-Z])[A-Z0-9]{8,20}(?!\w)")
_DATE = re.compile(
    r"[a-z]{0,3} ?(?:0?[1-9]|[12]\d|3[01])[-./ ](?:0?[1-9]|1[0-2])(?:[-./ ](?:\d{4}|\d{2}))?"
    r"|[a-z]{0,6} ?(?:19|20)\d{2}(?: ?[/-] ?(?:19|20)?\d{2})?",
    re.I,
)
_MODEL_YEAR = re.compile(r"\d{1,4} (?:19|20)\d{2}")
_CREDITOR = re.compile(r"[A-Z]{2}\d{2}ZZZ[\dA-Z]+", re.I)
_ARTICLE = re.compile(r"[LRDA][. ]?\d{2,4}-\d{1,3}(?:-\d{1,3})?", re.I)
_HEAD = re.compile(r"[A-Za-z]+")
_HANGING_BEFORE = re.compile(r"(?<![\w/-])(?=[A-Z/-]{0,12}\d)(?:[A-Z0-9]{1,8}[-/]){1,3}$")
_HANGING_AFTER = re.compile(r"(?:[-/][A-Z0-9]{1,8}){1,3}(?![\w-])")
_JOIN = re.compile(r"[\s./–-]+")


def account(text: str, near: Near, known: Known) -> Iterator[Span]:
    """What the account's own patterns match; their first group where they have one."""
    for kind, pattern in known.identifiers:
        for low, high in near:
            for found in pattern.finditer(text, low, high):
                start, end = found.span(1) if pattern.groups and found[1] else found.span()
                start, end = _whole(text, start, end)
                if not known.number(text[start:end]):
                    yield Span(start, end, kind, _key(text[start:end]))


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """With what hangs on it by a dash or a stroke: a number within a longer code is the code."""
    before = _HANGING_BEFORE.search(text[max(0, start - 24) : start])
    after = _HANGING_AFTER.match(text, end)
    return start - len(before[0]) if before else start, after.end() if after else end


def labelled(folded: str, near: Near, known: Known, words: Words) -> Iterator[Span]:
    """A code right after the word for it: "dossier n° 2604-1177"."""
    pattern, units = _labels(words), _units(words)
    for found in (one for low, high in near for one in pattern.finditer(folded, low, high)):
        kind = str(found.lastgroup)
        start, end = found.span("code")
        value = folded[start:end].rstrip(" .-/")
        end = start + len(value)
        if _enough(value, 4) and not units.match(folded, end) and not _plain(value, known):
            yield Span(start, end, _kind(folded, found, words) or kind, _key(value))


def unlabelled(text: str, folded: str, near: Near, known: Known, words: Words) -> Iterator[Span]:
    """Six digits and more, or letters and five digits, that are no amount, date, article or public number."""
    units = _units(words)
    for pattern, least in ((_BARE, 6), (_SERIAL, 5), (_MIXED, 5), (_LETTERS, 5)):
        for found in (one for low, high in near for one in pattern.finditer(text, low, high)):
            value = found[0]
            plain = _plain(value, known) or _public(value, words) or units.match(folded, found.end())
            if _enough(value, least) and not plain:
                yield Span(*found.span(), "NUMERO", _key(value))


@lru_cache(maxsize=4)
def _labels(words: Words) -> re.Pattern[str]:
    every = sorted({label for labels in words.numbers.values() for label in labels}, key=len, reverse=True)
    label = "|".join(re.escape(word) for word in every)
    between = r"(?:[\s:=#(.,°º*-]{1,4}(?:numeros?|num|no?|nr|est le|est|le|de|du|is|number|code|" + label + r")\b){0,4}"
    return re.compile(rf"(?<![\w-])(?P<label>{label}){between}[\s:=#(.°º*/-]{{1,5}}(?P<NUMERO>(?P<code>{_CODE}))(?!\w)")


def _kind(folded: str, found: re.Match[str], words: Words) -> str:
    """The kind of the last label that says one: "référence du dossier 123" is a DOSSIER."""
    before = folded[found.start() : found.start("code")]
    return next((kind for kind, pattern in _kinds(words) if pattern.search(before)), "")


@lru_cache(maxsize=4)
def _kinds(words: Words) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (kind, re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(label) for label in labels)})(?!\w)"))
        for kind, labels in words.numbers.items()
    )


@lru_cache(maxsize=4)
def _units(words: Words) -> re.Pattern[str]:
    return re.compile(r"\s?(?:" + "|".join(re.escape(unit) for unit in words.units) + r")(?!\w)")


def _enough(value: str, least: int) -> bool:
    return sum(c.isdigit() for c in value) >= least


def _plain(value: str, known: Known) -> bool:
    """A date, a year, a car with its year, a law article, a creditor's public id, or one of the company's numbers."""
    public = (_DATE, _ARTICLE, _MODEL_YEAR, _CREDITOR)
    return any(pattern.fullmatch(value) for pattern in public) or known.number(value)


def _public(value: str, words: Words) -> bool:
    """A postbox, an article or an amount by the letters that it begins with."""
    head = _HEAD.match(value)
    return head is not None and (head[0].lower() in words.public or head[0].lower() in words.units)


def _key(value: str) -> str:
    return _JOIN.sub("", value).upper()
