"""The word lists of redaction, and the folding that makes them blind to case and accents."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from service.settings import PROMPTS
from service.yaml_file import read_yaml


def _plain(character: str) -> str:
    base = unicodedata.normalize("NFKD", character)[0].lower()
    return base if len(base) == 1 else character


_TABLE = {code: _plain(chr(code)) for code in range(0xC0, 0x250) if chr(code).isalpha()}
_MARKED = re.compile(r"[^\x00-\x7f]+")
_TABLE |= {0x2019: "'", 0x02BC: "'", 0x2010: "-", 0x2011: "-", 0x2013: "-", 0xA0: " ", 0x202F: " "}


def fold(text: str) -> str:
    """Lower case without accents, character by character: offsets are those of `text`."""
    lowered = text.lower() if "İ" not in text else text.replace("İ", "i").lower()
    return lowered if lowered.isascii() else _MARKED.sub(_unmarked, lowered)


def _unmarked(found: re.Match[str]) -> str:
    return found[0].translate(_TABLE)


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """prompts/redact/*.yaml, folded. Each set is named as its list in words.yaml."""

    first_names: frozenset[str]
    ambiguous: frozenset[str]
    named_places: frozenset[str]
    titles: frozenset[str]
    exact_titles: frozenset[str]
    particles: frozenset[str]
    conjunctions: frozenset[str]
    cues: tuple[str, ...]
    relations: frozenset[str]
    organisations: frozenset[str]
    never: frozenset[str]
    ordinary: frozenset[str]
    landmarks: frozenset[str]
    numbers: dict[str, tuple[str, ...]]
    public: frozenset[str]
    units: tuple[str, ...]
    birth: tuple[str, ...]
    born: frozenset[str]
    arising: frozenset[str]
    since: frozenset[str]
    streets: tuple[str, ...]
    places: tuple[str, ...]
    months: tuple[str, ...]
    digits: tuple[str, ...]
    headers: frozenset[str]
    copulas: frozenset[str]
    states: frozenset[str]
    greetings: frozenset[str]
    caseless_never: frozenset[str]
    foreign_streets: tuple[str, ...]
    complements: tuple[str, ...]
    bare_streets: tuple[str, ...]
    small: frozenset[str]
    articles: frozenset[str]
    plates: tuple[str, ...]
    plate_labels: tuple[str, ...]
    short_months: tuple[str, ...]
    thousands: tuple[str, ...]
    estates: tuple[str, ...]
    ambiguous_in: dict[str, frozenset[str]]


def _set(given: Any) -> frozenset[str]:
    return frozenset(_tuple(given))


def _tuple(given: Any) -> tuple[str, ...]:
    words = given.split() if isinstance(given, str) else given
    return tuple(dict.fromkeys(fold(word) for word in words))


@cache
def words() -> Words:
    """The lists in force. Raises FileNotFoundError, KeyError or TypeError where a list is missing or wrong."""
    names: dict[str, Any] = read_yaml(PROMPTS / "redact" / "first_names.yaml")
    lists: dict[str, Any] = read_yaml(PROMPTS / "redact" / "words.yaml")
    sets: tuple[str, ...] = (
        "titles",
        "particles",
        "relations",
        "organisations",
        "never",
        "ordinary",
        "landmarks",
        "public",
    )
    sets += ("conjunctions", "greetings", "caseless_never", "small", "articles", "headers", "copulas", "states")
    sets += ("born", "arising", "since")
    orders: tuple[str, ...] = ("cues", "units", "birth", "streets", "places", "months", "digits")
    orders += (
        "foreign_streets",
        "complements",
        "bare_streets",
        "plates",
        "plate_labels",
        "short_months",
        "thousands",
        "estates",
    )
    ambiguous, named_places = _set(names["ambiguous"]), _set(names["places"])
    return Words(
        first_names=_set(names["names"]) - ambiguous - named_places,
        ambiguous=ambiguous,
        named_places=named_places,
        ambiguous_in={language: _set(given) for language, given in names["ambiguous_in"].items()},
        exact_titles=frozenset(lists["exact_titles"]),
        numbers={kind: _tuple(given) for kind, given in lists["numbers"].items()},
        **{name: _set(lists[name]) for name in sets},  # type: ignore[arg-type]
        **{name: _tuple(lists[name]) for name in orders},  # type: ignore[arg-type]
    )
