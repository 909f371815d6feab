"""How a reply is compared with its draft: prompts/drafts/comparing.yaml."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from service.pipeline.redact.words import fold
from service.settings import PROMPTS
from service.yaml_file import read_yaml


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """Thresholds are shares of words; patterns match folded text. `tones`: a pattern of words by family."""

    kept: float
    rewritten: float
    dropped: float
    greeting: re.Pattern[str]
    closing: re.Pattern[str]
    postscript: re.Pattern[str]
    tones: Mapping[str, re.Pattern[str]]


@cache
def rules() -> Rules:
    """The rules as shipped. Raises FileNotFoundError or KeyError where one is missing."""
    given = read_yaml(PROMPTS / "drafts" / "comparing.yaml")
    thresholds = given["thresholds"]
    return Rules(
        kept=thresholds["kept"],
        rewritten=thresholds["rewritten"],
        dropped=thresholds["dropped"],
        greeting=_starts(given["greetings"]),
        closing=_starts(given["closings"]),
        postscript=_starts(given["postscripts"]),
        tones={name: _words(ways) for name, ways in given["tones"].items()},
    )


def _starts(ways: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{_any(ways)})(?!\w)")


def _words(ways: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_any(ways)})(?!\w)")


def _any(ways: Iterable[str]) -> str:
    return "|".join(re.escape(fold(way)) for way in sorted(ways, key=len, reverse=True))
