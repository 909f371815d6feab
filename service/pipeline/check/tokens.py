"""What a text says, blind to its wording: groups of words that mean the same, numbers and facts, with their weights."""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache

from service.pipeline.check.lexicon import lexicon
from service.pipeline.redact.spans import Span
from service.pipeline.redact.words import fold
from service.settings import PROMPTS
from service.yaml_file import read_yaml

Tokens = Mapping[str, float]
_WORD = re.compile(r"[^\W_]+")
_STEM = 6
_SHORT = 4
_ROOT = 4
"""Letters that are left at least where endings are cut off."""
_FACT, _WHOLE, _SLIGHT = 1.5, 1.0, 0.3
"""Weights: a fact ties two clauses together more than a word does; numbers and words of three letters hardly do."""


@dataclass(frozen=True, slots=True, eq=False)
class Synonyms:
    """prompts/check/synonyms.yaml: the group of each beginning, and words that carry nothing of their own."""

    group: Mapping[str, str]
    light: frozenset[str]


@cache
def synonyms() -> Synonyms:
    """As shipped. Raises FileNotFoundError or KeyError where something is missing."""
    given = read_yaml(PROMPTS / "check" / "synonyms.yaml")
    group = {stem(fold(word)): f"={line.split()[0]}" for line in given["groups"] for word in line.split()}
    return Synonyms(group, frozenset(fold(given["light"]).split()))


@lru_cache(maxsize=2_048)
def stem(word: str) -> str:
    """The first letters of a folded word, without the endings of plural and feminine."""
    for ending in ("s", "x", "e", "e"):
        if len(word) > _ROOT and word.endswith(ending):
            word = word[:-1]
    if len(word) == _STEM and word.endswith(("er", "ez")):
        word = word[:_ROOT]
    return word[:_STEM]


def tokens(folded: str, start: int, facts: Sequence[Span]) -> Tokens:
    """Of the folded words of a clause that begins at `start` of its text; its facts stand for their words."""
    known, numbers = synonyms(), lexicon().numbers
    found: dict[str, float] = {}
    at, waiting = 0, [(fact.start - start, fact.end - start) for fact in facts]
    for word in _WORD.finditer(folded):
        while at < len(waiting) and waiting[at][1] <= word.start():
            at += 1
        if at < len(waiting) and waiting[at][0] <= word.start():
            continue
        written = word[0]
        if written in numbers and numbers[written] > 1:
            found.setdefault(f"number {numbers[written]}", _SLIGHT)
        elif written not in known.light:
            root = stem(written)
            group = known.group.get(root)
            found[group or root] = _WHOLE if group or len(written) >= _SHORT else _SLIGHT
    for fact in facts:
        found[token(fact)] = _SLIGHT if fact.kind == "number" else _FACT
    return found


def group_of(word: str) -> str:
    """The group of a folded word, or its beginning."""
    return synonyms().group.get(stem(word), stem(word))


def stems(words: Iterable[str]) -> frozenset[str]:
    """What folded words are called in `tokens`: their groups, or their beginnings."""
    return frozenset(map(group_of, words))


def token(fact: Span) -> str:
    return f"{fact.kind} {fact.key}"


def weight(said: Tokens, without: Set[str] = frozenset()) -> float:
    return sum(value for name, value in said.items() if name not in without)


def support(said: Tokens, windows: Iterable[Set[str]], besides: Set[str]) -> float:
    """The largest share of what is said, by weight, that one window holds; `besides` holds for every window.

    1.0 where nothing is said.
    """
    total = weight(said)
    if not total:
        return 1.0
    left = {name: value for name, value in said.items() if name not in besides}
    most = max((sum([left[name] for name in left.keys() & window]) for window in windows), default=0.0)
    return (total - weight(left) + most) / total
