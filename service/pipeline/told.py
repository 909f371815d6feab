"""Since when a customer waits, as he tells it himself: “mon mail du 12 mars”, “depuis trois semaines”."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from string import Template
from typing import Any

from service.pipeline.check.lexicon import lexicon
from service.pipeline.redact.words import fold
from service.settings import PROMPTS
from service.yaml_file import read_yaml

FIRST_YEAR = 1_000
"""Of messages dated before it nothing is told: 999 years earlier there is no calendar."""
LONGEST_CHARS = 6000
"""What a customer says of his earlier messages stands in his first pages."""
_SENTENCE = re.compile(r"(?:[.!?;](?=\s)|\n|[.!?;…]$)")
_NAMED = re.compile(r"(?<!\?P)<(\w+)>")
_PLACES = ("when", "point", "span", "ago")


@dataclass(frozen=True, slots=True)
class Told:
    """`day`: where it is a day of the calendar; else `words` are the customer's, in `language`, and `since` is about
    when. `message`: it is the day of something that he wrote, and not only that of which he waits."""

    since: date
    day: date | None
    words: str
    kind: str
    language: str
    message: bool

    @classmethod
    def of_message(cls, day: date) -> "Told":
        return cls(day, day, "", "day", "", message=True)

    def said(self, day: str | None, language: str) -> str | None:
        """“depuis trois semaines”, “depuis le 12 mars”, with the day as written there; None where that language has no
        words for it, or the customer's are in another one."""
        way = _ways().given["told"].get(language, {}).get(self.kind)
        if way is None or (self.day is None and language != self.language) or (self.day and day is None):
            return None
        return Template(way).substitute(day=day, words=self.words)


@dataclass(frozen=True, slots=True, eq=False)
class _Ways:
    """prompts/drafts/earlier.yaml. `ways`: expressions in order, each with whether it dates a message."""

    given: Mapping[str, Any]
    ways: tuple[tuple[bool, re.Pattern[str]], ...]
    day: re.Pattern[str]
    point: re.Pattern[str]
    span: re.Pattern[str]
    theirs: re.Pattern[str]


def waits(text: str, today: date) -> Iterator[Told]:
    """All that the text tells, in any order; only what lies before `today`, or is hours ago."""
    if today.year < FIRST_YEAR:
        return
    folded, known = fold(text[:LONGEST_CHARS]).replace("’", "'"), _ways()
    start = 0
    for end in [*(found.start() for found in _SENTENCE.finditer(folded)), len(folded)]:
        yield from _in_sentence(folded[start:end], known, today)
        start = end + 1


def _in_sentence(folded: str, known: _Ways, today: date) -> Iterator[Told]:
    if not any(when.search(folded) for when in (known.day, known.point, known.span)):
        return
    taken: set[int] = set()
    for message, way in known.ways:
        for found in way.finditer(folded):
            place = next(name for name in _PLACES if name in way.groupindex and found[name])
            at, end = found.span(place)
            clause = folded[folded.rfind(",", 0, found.start()) + 1 : at]
            if at in taken or known.theirs.search(clause):
                continue
            taken.add(at)
            told = _resolved(folded, (at, end), message, known, today)
            if told is not None:
                yield told


def _resolved(sentence: str, place: tuple[int, int], message: bool, known: _Ways, today: date) -> Told | None:
    """What one place says; None for a day that is none."""
    said = sentence[slice(*place)]
    words = " ".join(known.given["spelt"].get(word, word) for word in said.split())
    language = "en" if not set(known.given["english"]).isdisjoint(said.split()) else "fr"
    if (span := known.span.fullmatch(said)) is not None:
        back = known.given["units"][span["unit"]] * _count(span["count"], known)
        return Told(today - timedelta(days=back), None, words, "span", language, message=False)
    day = known.day.match(sentence, place[0])
    if day is not None and day.end() == place[1]:
        found = _day(day, known, today)
        return Told(found, found, "", "day", "", message) if found else None
    return _point(said, words, language, message, known, today)


def _count(written: str, known: _Ways) -> int:
    return int(written) if written.isdigit() else known.given["numbers"][written]


def _point(said: str, words: str, language: str, message: bool, known: _Ways, today: date) -> Told | None:
    given = known.given
    if said in given["days"]:
        day = today - timedelta(days=given["days"][said])
        return Told(day, day, "", "day", "", message)
    if said in given["about"]:
        return Told(today - timedelta(days=given["about"][said]), None, words, "point", language, message=False)
    weekday = next((number for name, number in given["weekdays"].items() if name in said.split()), None)
    if weekday is not None:
        day = today - timedelta(days=(today.isoweekday() - weekday - 1) % 7 + 1)
        return Told(day, day, "", "day", "", message)
    month = next((number for name, number in given["months"].items() if name in re.split(r"[ -]", said)), 1)
    about = date(today.year if month <= today.month else today.year - 1, month, 1)
    return Told(about, None, words, "point", language, message=False)


def _day(found: re.Match[str], known: _Ways, today: date) -> date | None:
    """With its month and year as told; else the last such day before today."""
    day = int(found["day"] or found["day_en"])
    month = _month(found, known)
    year = found["year"] or found["short"]
    try:
        if year:
            return date(int(year) + (2000 if len(year) == 2 else 0), month or 1, day)
        if month:
            this = date(today.year, month, day)
            return this if this < today else date(today.year - 1, month, day)
        return _of_month(day, today)
    except ValueError:
        return None


def _month(found: re.Match[str], known: _Ways) -> int | None:
    name = found["month"] or found["month_en"] or found["listed"]
    return known.given["months"][name] if name else int(found["number"]) if found["number"] else None


def _of_month(day: int, today: date) -> date:
    """The last one before today with that number. Raises ValueError where the month had no such day."""
    if day < today.day:
        return today.replace(day=day)
    return (today.replace(day=1) - timedelta(days=1)).replace(day=day)


@cache
def _ways() -> _Ways:
    """The expressions as shipped. Raises FileNotFoundError, KeyError or re.error where one is wrong."""
    given = read_yaml(PROMPTS / "drafts" / "earlier.yaml")
    given |= {"months": lexicon().months, "weekdays": lexicon().weekdays}
    words = {name: _any(given[name]) for name in ("months", "weekdays", "days", "about", "numbers", "units")}
    parts = given["parts"] | words
    whole = {name: _filled(given[name], parts) for name in ("day", "point", "span")}
    bare = parts | {name: re.sub(r"\?P<\w+>", "?:", pattern) for name, pattern in whole.items()}
    every = [(message, way) for message in (True, False) for way in given["message" if message else "wait"]]
    return _Ways(
        given,
        tuple((message, re.compile(_filled(way, bare))) for message, way in every),
        re.compile(whole["day"]),
        re.compile(whole["point"]),
        re.compile(whole["span"]),
        re.compile(given["theirs"]),
    )


def _filled(pattern: str, parts: Mapping[str, str]) -> str:
    """With `<name>` replaced, but for the names of groups."""
    return _NAMED.sub(lambda found: _filled(parts[found[1]], parts), pattern)


def _any(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})"
