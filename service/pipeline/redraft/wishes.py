"""Wishes that are granted without a model: prompts/drafts/wishes.yaml."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from service.errors import FieldProblem, RefusedError
from service.pipeline.redact.words import fold
from service.settings import PROMPTS
from service.yaml_file import read_yaml

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """`language`: the one that is wished for, or ""."""

    id: str
    names: Mapping[str, str]
    words: re.Pattern[str]
    language: str


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """Patterns match folded text, but for `purpose`."""

    wishes: tuple[Wish, ...]
    filler: frozenset[str]
    comfort: re.Pattern[str]
    instructions: re.Pattern[str]
    matters: re.Pattern[str]
    purpose: re.Pattern[str]
    explains: re.Pattern[str]
    offers: re.Pattern[str]
    restates: re.Pattern[str]
    optional: re.Pattern[str]
    vital: re.Pattern[str]
    referring: re.Pattern[str]
    greetings: re.Pattern[str]
    closings: re.Pattern[str]


@cache
def rules() -> Rules:
    """The wishes as shipped. Raises FileNotFoundError, KeyError or re.error where something is missing or wrong."""
    given = read_yaml(PROMPTS / "drafts" / "wishes.yaml")
    return Rules(
        wishes=tuple(
            Wish(id_, one["name"], _words(one["words"]), one.get("language", ""))
            for id_, one in given["wishes"].items()
        ),
        filler=frozenset(word for phrase in given["filler"] for word in _WORD.findall(fold(phrase))),
        comfort=_words(given["comfort"]),
        instructions=re.compile("|".join(rf"(?<!\w)(?:{way})" for way in given["instructions"])),
        matters=re.compile(rf"(?<!\w)(?:{'|'.join(map(fold, given['matters']))})"),
        purpose=re.compile(rf", (?:{'|'.join(given['purpose'])})[^,;:.!?]*(?=[.!]$)", re.IGNORECASE),
        explains=re.compile(rf"(?:{'|'.join(given['explains'])})(?!\w)"),
        offers=re.compile(rf"(?:{'|'.join(given['offers'])})(?!\w)"),
        restates=re.compile(rf"(?:{'|'.join(given['restates'])})[^:;?]*\."),
        optional=re.compile(rf"(?:{'|'.join(given['optional'])})(?!\w)"),
        vital=re.compile(rf"(?<!\w)(?:{'|'.join(map(fold, given['vital']))})"),
        referring=re.compile(rf"(?:{'|'.join(given['referring'])})(?!\w)"),
        greetings=_words(given["formal"]["greetings"]),
        closings=_words(given["formal"]["closings"]),
    )


def understood(wish: str, language: str) -> tuple[Wish, ...]:
    """The known wishes that it says, in their order. Raises RefusedError that names what is not understood."""
    text = fold(" ".join(wish.split()))
    said: list[tuple[int, Wish]] = []
    for one in rules().wishes:
        if found := one.words.search(text):
            said.append((found.start(), one))
            text = one.words.sub(lambda match: " " * len(match[0]), text)
    strange = [word for word in _WORD.findall(text) if word not in rules().filler]
    if strange or not said:
        raise RefusedError(_told(strange), (FieldProblem("wish", _cure(language)),))
    return tuple(one for _, one in sorted(said, key=lambda pair: pair[0]))


def _told(strange: Iterable[str]) -> str:
    words = " ".join(strange)
    return (
        f"Without a model this wish is not understood: {words!r}." if words else "The wish says nothing that is known."
    )


def _cure(language: str) -> str:
    known = ", ".join(one.names.get(language, one.id) for one in rules().wishes)
    return f"say one or several of: {known}; or set AIGUILLEUR_MODEL to have any wish granted by a model"


def _words(ways: Iterable[str]) -> re.Pattern[str]:
    joined = "|".join(re.escape(fold(way)) for way in sorted(ways, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)")
