"""How a canned answer reads once it is filled in, piece by piece, for whoever edits it."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from service.domain.answers import PLACEHOLDER
from service.domain.playbook import Playbook
from service.domain.situation import FACT, SLOTS
from service.pipeline.draft.filling import WAITS, with_facts
from service.pipeline.draft.rules import rules
from service.settings import PROMPTS
from service.yaml_file import read_yaml

_EITHER = re.compile(f"{FACT.pattern}|{PLACEHOLDER.pattern}")

Way = Literal["program", "fact", "no_fact", "hand", "new"]
"""Who fills a placeholder: the program, from the message or the CRM; the account's facts, which have it or not; an
advisor; nobody yet, for no other answer has one of that name."""

Fill = Callable[[str], str]
"""A text with what is known in the place of its placeholders."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A stretch of the text; `name` is the placeholder's that stood there, `left` where nothing fills it."""

    text: str
    name: str = ""
    left: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A placeholder of an answer, and who fills it."""

    name: str
    way: Way


def pieces(body: str, fill: Fill) -> list[Shown]:
    """The body cut at its placeholders, each with what is filled in for it."""
    return list(_pieces(body, fill))


def _pieces(body: str, fill: Fill) -> Iterator[Shown]:
    at = 0
    for found in _EITHER.finditer(body):
        before = body[at : found.start()]
        if before:
            yield Shown(before)
        value = fill(before + found[0])[len(before) :]
        yield Shown(value, found[0][1:-1], left=value == found[0])
        at = found.end()
    if body[at:]:
        yield Shown(body[at:])


def slots(body: str, playbook: Playbook, others: Collection[str]) -> list[Slot]:
    """Every placeholder once, in order. `others`: names that other answers have."""
    names = dict.fromkeys(found[0][1:-1] for found in _EITHER.finditer(body))
    return [Slot(name, _way(name, playbook, others)) for name in names]


def _way(name: str, playbook: Playbook, others: Collection[str]) -> Way:
    written = f"{{{name}}}"
    if FACT.fullmatch(written):
        return "no_fact" if with_facts(written, playbook) == written else "fact"
    known = {"civilite", "nom", "date", *WAITS, *SLOTS} | rules().metadata.keys() | rules().kinds.keys()
    return "program" if name in known else "hand" if name in others else "new"


def example_of(language: str, playbook: Playbook) -> Fill:
    """With made-up values, as shipped."""
    values = _examples().get(language) or _examples()["en"]
    return lambda text: PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), with_facts(text, playbook))


@cache
def _examples() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = read_yaml(PROMPTS / "drafts" / "preview.yaml")
    return found
