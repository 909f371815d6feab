"""How placeholders are filled and letters are cut: prompts/drafts/filling.yaml."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from service.pipeline.redact.words import fold
from service.settings import PROMPTS
from service.yaml_file import read_yaml


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """Each field is the list of that name in filling.yaml; words that are looked for are folded."""

    metadata: Mapping[str, Sequence[str]]
    kinds: Mapping[str, Sequence[str]]
    endings: Mapping[str, int]
    titles: Mapping[str, Mapping[str, str]]
    own_dates: tuple[str, ...]
    months: Mapping[str, Sequence[str]]
    weekdays: Mapping[str, Sequence[str]]
    slots: Mapping[str, dict[str, str]]
    couples: Mapping[str, Any]
    nameless: Mapping[str, Mapping[str, str]]
    conditions: tuple[str, ...]
    said: Mapping[str, Mapping[str, str]]
    greetings: tuple[str, ...]
    closings: tuple[str, ...]
    formulas: tuple[str, ...]
    replies: tuple[str, ...]


def said(name: str, language: str) -> str:
    """Words of the draft itself, in its language; English where the language has none."""
    return rules().said[name].get(language) or rules().said[name]["en"]


@cache
def rules() -> Rules:
    """The rules as shipped. Raises FileNotFoundError or KeyError where one is missing."""
    given = read_yaml(PROMPTS / "drafts" / "filling.yaml")
    return Rules(
        metadata=given["metadata"],
        kinds=given["kinds"],
        endings=given["endings"],
        titles=given["titles"],
        own_dates=_folded(given["own_dates"]),
        months=given["months"],
        weekdays=given["weekdays"],
        slots=given["slots"],
        couples=given["couples"],
        nameless={language: _by_folded(said) for language, said in given["nameless"].items()},
        said=given["said"],
        conditions=_folded(given["conditions"]),
        greetings=_folded(given["greetings"]),
        closings=_folded(given["closings"]),
        formulas=_folded(given["formulas"]),
        replies=_folded(given["replies"]),
    )


def _by_folded(said: Mapping[str, str]) -> dict[str, str]:
    return {fold(word): instead for word, instead in said.items()}


def _folded(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(fold(word) for word in words)
