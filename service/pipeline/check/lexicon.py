"""The words by which facts are recognised: prompts/check/words.yaml, and the patterns made of them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from service.pipeline.redact.words import fold
from service.settings import PROMPTS
from service.yaml_file import read_yaml

NUMBER = r"(?:\d{1,3}(?:[ .,]\d{3})+(?!\d)(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d{1,2}(?!\d))?)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_OF_THE_MONTH = r" (?:du|de chaque|of the|of each) (?:mois|month)(?!\w)"
_YEAR = r"(?:19|20)\d\d"


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Folded words with what they mean. Patterns match at a digit (`by_digit`) or at a word (`by_word`), in order."""

    numbers: Mapping[str, int]
    durations: Mapping[str, tuple[str, int]]
    periods: Mapping[str, tuple[str, int]]
    noons: Mapping[str, str]
    working_days: Mapping[str, str]
    currencies: Mapping[str, str]
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    clock: frozenset[str]
    clock_ranges: frozenset[str]
    words: re.Pattern[str]
    by_digit: tuple[tuple[str, re.Pattern[str]], ...]
    by_word: tuple[tuple[str, re.Pattern[str]], ...]


@cache
def lexicon() -> Lexicon:
    """The words as shipped. Raises FileNotFoundError or KeyError where one is missing."""
    given = read_yaml(PROMPTS / "check" / "words.yaml")
    leads = [
        *given["periods"],
        *given["noons"],
        *given["numbers"],
        *given["months"],
        *given["weekdays"],
        *given["articles"],
        "cs",
        "tsa",
        "bp",
    ]
    return Lexicon(
        numbers=given["numbers"],
        durations={word: (unit, int(times)) for word, (unit, times) in given["durations"].items()},
        periods={fold(word): (unit, int(times)) for word, (unit, times) in given["periods"].items()},
        noons=given["noons"],
        working_days=given["working_days"],
        currencies=given["currencies"],
        months=given["months"],
        weekdays=given["weekdays"],
        clock=frozenset(given["clock"]),
        clock_ranges=frozenset(given["clock_ranges"]),
        words=re.compile(rf"(?<![\w-])(?:(?:{_any(leads)})(?!\w)|[lrd]\.? ?\d{{3,4}}-\d)"),
        by_digit=_compiled(_by_digit(given)),
        by_word=_compiled(_by_word(given)),
    )


def _by_digit(given: Mapping[str, Any]) -> dict[str, str]:
    months, money = _any(given["months"]), _any(given["currencies"])
    return {
        "phone": r"(?:(?:\+|00) ?\d{1,3}(?: ?\(0\))?(?:[ .-]?\d){8,11}|0[1-9](?:[ .-]?\d{2}){4})(?!\d)",
        "date": rf"(?:{_DAY}(?:er|st|nd|rd|th)? (?:of )?(?:{months})\.?(?: {_YEAR})?(?!\w)"
        rf"|{_DAY}([/.-])(?:0?[1-9]|1[0-2])\1(?:{_YEAR}|\d\d)(?!\w)|{_YEAR}-\d\d-\d\d(?!\w)|{_DAY}/(?:0[1-9]|1[0-2])(?![\w/]))",
        "amount": rf"{NUMBER} ?(?P<money>{money})(?: ?(?P<cents>\d{{2}}))?(?!\w)|[€£$] ?(?P<after>{NUMBER})",
        "percentage": rf"{NUMBER} ?(?:{_any(given['percents'])})(?!\w)",
        "hours": r"(?:24 ?h(?:eures)? ?(?:/|sur) ?24|7 ?j(?:ours)? ?(?:/|sur) ?7)(?!\w)"
        r"|\d{1,2}(?: ?h ?\d{2}|:\d{2})(?!\d)|\d{1,2}(?:[.:]\d{2})? ?[ap]m(?!\w)",
        "delay": _duration(NUMBER, given),
        "address": r"\d{5}(?= [a-z])",
        "number": rf"{NUMBER}(?![\w-])|\w+(?:-\w+)*",
    }


def _by_word(given: Mapping[str, Any]) -> dict[str, str]:
    words, months, days = _any(given["numbers"]), _any(given["months"]), _any(given["weekdays"])
    count = rf"(?:{words})(?:[ -](?:et[ -])?(?:{words}))*"
    article = r"(?P<article>[lrd]?\.? ?\d{1,4}(?:-\d{1,3}){0,3})(?P<law>(?: (?:du|de la|of the|of) [^\W\d_]+)?)"
    return {
        "article": rf"(?:(?:{_any(given['articles'])})\.? )?{article}(?!\w)",
        "date": rf"{count} (?:{months})(?: {_YEAR})?(?!\w)"
        rf"|(?:{months}) (?:{_YEAR}|{_DAY}(?:st|nd|rd|th)?(?:,? {_YEAR})?)(?!\w)",
        "hours": rf"(?:{_any(given['noons'])})(?!\w)"
        rf"|(?:{days})(?:(?: (?:au|a|to|et|and|through) | ?- ?)(?:{days}))?(?!\w)",
        "amount": rf"{count} (?P<money>{_any(given['currencies'])})(?P<cents>)(?P<after>)(?!\w)",
        "percentage": rf"{count} (?:{_any(given['percents'])})(?!\w)",
        "delay": rf"(?:{_any(given['periods'])})(?!\w| (?:de|du|des|d|ou|en|of|in|when)(?!\w))"
        rf"|{_duration(count, given)}",
        "number": rf"(?P<spelt>{count})(?=(?: (?:ou|et|or|and)(?: le| the)? (?:{count}))?{_OF_THE_MONTH})",
        "address": r"(?:cs|tsa|bp) ?\d{2,6}(?!\w)",
    }


def _duration(count: str, given: Mapping[str, Any]) -> str:
    between = r"(?: (?:derniers?|dernieres?|prochaine?s?|premiers?|working|business))?"
    sort = rf"(?: (?:{_any(given['working_days'])}))?"
    return rf"{count}{between} ?(?P<unit>{_any(given['durations'])}){sort}(?!\w)"


def _compiled(patterns: Mapping[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(pattern)) for kind, pattern in patterns.items())


def _any(given: Iterable[str]) -> str:
    return "|".join(re.escape(fold(word)) for word in sorted(given, key=len, reverse=True))
