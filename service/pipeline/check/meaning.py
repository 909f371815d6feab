"""prompts/check/meaning.yaml: negations, conditions, limits, promises and documents, compiled."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from service.pipeline.check.tokens import stems
from service.pipeline.redact.words import fold
from service.settings import PROMPTS
from service.yaml_file import read_yaml


class Openers(NamedTuple):
    """Words, and endings of words, that begin a sentence without being names."""

    words: frozenset[str]
    endings: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """prompts/check/meaning.yaml, compiled. Patterns match folded text."""

    negations: frozenset[str]
    seconds: frozenset[str]
    refusals: tuple[str, ...]
    excluding: tuple[str, ...]
    denying: tuple[str, ...]
    stops: frozenset[str]
    supposed: re.Pattern[str]
    led_in: Mapping[str, tuple[str, ...]]
    tying: frozenset[str]
    standing: frozenset[str]
    passing: frozenset[str]
    neutral: re.Pattern[str]
    pointing: re.Pattern[str]
    same: Sequence[tuple[re.Pattern[str], str]]
    restricted: re.Pattern[str]
    only_if: re.Pattern[str]
    sweeping: re.Pattern[str]
    bonds: Mapping[str, re.Pattern[str]]
    spared: Mapping[str, re.Pattern[str]]
    opposed: Mapping[str, str]
    stands_for: Mapping[str, Sequence[str]]
    beside: Mapping[str, Sequence[str]]
    alias: Sequence[Sequence[str]]
    commitments: Mapping[str, re.Pattern[str]]
    akin: Mapping[str, frozenset[str]]
    by_idea: Mapping[str, tuple[str, int]]
    grave: frozenset[str]
    exact: frozenset[str]
    futures: re.Pattern[str]
    abstains: re.Pattern[str]
    statements: re.Pattern[str]
    done: re.Pattern[str]
    stands: re.Pattern[str]
    his: re.Pattern[str]
    courtesies: re.Pattern[str]
    documents: re.Pattern[str]
    of_any_document: frozenset[str]
    openers: Openers
    stakes: tuple[str, ...]
    owed: re.Pattern[str]
    reported: re.Pattern[str]
    contact: re.Pattern[str]
    opening: re.Pattern[str]


_EXPRESSIONS = (
    "restricted",
    "only_if",
    "sweeping",
    "statements",
    "done",
    "stands",
    "his",
    "owed",
    "reported",
    "contact",
    "opening",
)


@cache
def meaning() -> Meaning:
    """As shipped. Raises FileNotFoundError, KeyError or re.error where something is missing or wrong."""
    given = read_yaml(PROMPTS / "check" / "meaning.yaml")
    return Meaning(
        negations=frozenset(given["negations"]),
        seconds=frozenset(given["seconds"]),
        refusals=tuple(given["refusals"]),
        excluding=tuple(given["excluding"]),
        denying=tuple(given["denying"]),
        stops=frozenset((*",()", *given["stops"])),
        supposed=_expressions(given["supposed"]),
        led_in={bond: tuple(starts) for bond, starts in given["led_in"].items()},
        tying=frozenset(given["tying"]),
        standing=frozenset(given["standing"]),
        passing=frozenset(given["passing"]),
        neutral=_expressions(given["neutral"]),
        **{name: _expressions(given[name]) for name in _EXPRESSIONS},
        pointing=re.compile(given["pointing"]),
        same=[(re.compile(pattern), instead) for pattern, instead in given["same"]],
        bonds={name: _phrases(words) for name, words in given["bonds"].items()},
        spared={name: _phrases(words) for name, words in given["spared"].items()},
        opposed=given["opposed"],
        stands_for=given["stands_for"],
        beside=given["beside"],
        alias=[[_squeezed(name) for name in names] for names in given["same_document"]],
        commitments={name: _expressions(ways) for name, ways in given["commitments"].items()},
        akin=_akin(given),
        by_idea={family: (f"@{idea}", sign) for family, (idea, sign) in given["by_idea"].items()},
        grave=frozenset(given["grave"]),
        exact=frozenset(given["exact"]),
        futures=_expressions(given["futures"]),
        abstains=_expressions(given["abstains"]),
        courtesies=_expressions(given["courtesies"]),
        documents=_beginnings(given["documents"]),
        of_any_document=stems(fold(given["of_any_document"]).split()),
        openers=Openers(frozenset(fold(given["openers"]["words"]).split()), tuple(given["openers"]["endings"])),
        stakes=tuple(fold(given["stakes"]).split()),
    )


def _squeezed(name: str) -> str:
    return re.sub(r"[\W_]+", "", fold(name))


def _akin(given: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Of each family of commitments, those that are nearly the same."""
    return {
        name: frozenset(other for group in given["akin"] if name in group for other in group)
        for name in given["commitments"]
    }


def _phrases(given: Sequence[str]) -> re.Pattern[str]:
    ways = (
        re.escape(way) + ("" if way.endswith("'") else r"(?!\w)")
        for way in sorted(map(fold, given), key=len, reverse=True)
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})")


def _expressions(given: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(given)})(?!\w)")


def _beginnings(given: Sequence[str]) -> re.Pattern[str]:
    ways = "|".join(re.escape(fold(way)) for way in sorted(given, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{ways})(?=s?(?!\w))")
