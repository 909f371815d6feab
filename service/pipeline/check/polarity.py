"""What a clause says yes and no to: ideas ("gratuit", "ne coûte rien") and words, each with its sign."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

from service.pipeline.check.meaning import meaning
from service.pipeline.check.negation import denials, unsure
from service.pipeline.check.tokens import group_of, synonyms
from service.settings import PROMPTS
from service.yaml_file import read_yaml

_STEP = re.compile(r"[^\W_]+|[,;:()]")
_BEFORE = re.compile(r"[^\W_]+")
_LETTERS = 4
_ONLY_THEN = re.compile(
    r"(?<!\w)(?:avant (?:de |d')|before )(?:(?:l[aes] |l'|faire |[\w ]{1,24}? (?:ou|et) (?:de |d'))){0,3}\w*\Z"
)
_FAR = 6
"""Words from its first on that a negation reaches at most."""
_REMEMBERED = 2_048
"""Clauses."""
Span = tuple[int, int]


class Idea(NamedTuple):
    """`is_named`: its ways are nouns."""

    name: str
    sign: int
    ways: re.Pattern[str]
    is_named: bool


@dataclass(frozen=True, slots=True, eq=False)
class Polarity:
    """prompts/check/polarity.yaml, compiled. `modal`: the ideas that something is allowed or needed, which say little
    without what they are about."""

    ideas: Sequence[Idea]
    modal: frozenset[str]
    stops: frozenset[str]
    opening: frozenset[str]
    late: frozenset[str]
    anew: frozenset[str]
    last: frozenset[str]
    direct: frozenset[str]


class Signs(NamedTuple):
    """The signs (1, -1 or both) of each idea (`@name`) and word; `units`: what each negation says no to, and each idea
    that is one by itself; `modal`: its ideas that are; `spoken`: the words that say its ideas, by their groups;
    `ruled`: each modal idea with the word that it is about ("possible de l'arrêter")."""

    of: Mapping[str, frozenset[int]]
    units: tuple[frozenset[str], ...]
    modal: frozenset[str]
    spoken: frozenset[str]
    ruled: frozenset[tuple[str, str]]

    @property
    def no(self) -> frozenset[str]:
        return frozenset().union(*self.units)


@cache
def polarity() -> Polarity:
    """As shipped. Raises FileNotFoundError, KeyError or re.error where something is missing or wrong."""
    given = read_yaml(PROMPTS / "check" / "polarity.yaml")
    ideas = [
        Idea(f"@{name}", sign, _any(ways[side]), side == "names")
        for name, ways in given["ideas"].items()
        for side, sign in (("says", 1), ("names", 1), ("denies", -1))
        if ways.get(side)
    ]
    lists = (frozenset(given[name]) for name in ("stops", "opening", "late", "anew", "last", "direct"))
    modal = frozenset(f"@{name}" for name, ways in given["ideas"].items() if ways.get("modal", False))
    return Polarity(ideas, modal, *lists)


def _any(ways: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)")


@lru_cache(maxsize=_REMEMBERED)
def signs(text: str) -> Signs:
    """Of a folded clause."""
    known, words = polarity(), meaning()
    read = unsure(text, words)
    reaches = [*_reaches(read, known)]
    denied = {word.start() for word in denials(read, words)}
    said = [*_ideas(read, reaches, known)]
    spent = [way for _, _, way in said]
    for word in _STEP.finditer(read):
        if _carries(word[0], known) and not any(start <= word.start() < end for start, end in spent):
            no = word.start() in denied and _turn(word.start(), reaches) < 0
            said.append((group_of(word[0]), -1 if no else 1, word.span()))
            if _ONLY_THEN.search(read, 0, word.start()):
                said.append((group_of(word[0]), 1 if no else -1, word.span()))
    units: dict[int, set[str]] = {}
    of: dict[str, set[int]] = {}
    for name, sign, (place, _) in said:
        of.setdefault(name, set()).add(sign)
        if sign < 0:
            units.setdefault(next((start for start, end in reaches if start <= place < end), place), set()).add(name)
    signed = {name: frozenset(both) for name, both in of.items()}
    spoken = frozenset(group_of(word) for start, end in spent for word in _BEFORE.findall(read, start, end))
    ruled = ((name, _first(read[end:], known)) for name, _, (_, end) in said if name in known.modal)
    about = frozenset((name, word) for name, word in ruled if word)
    return Signs(signed, tuple(frozenset(names) for names in units.values()), known.modal & of.keys(), spoken, about)


def _first(text: str, known: Polarity) -> str:
    """By its group, the first of the words at the beginning of a text that says something; "" where none does."""
    words = (word[0] for word in islice(_BEFORE.finditer(text), _FAR))
    return next((group_of(word) for word in words if _carries(word, known)), "")


def denied_at(text: str, place: int) -> bool:
    """Whether a negation reaches a place of a folded text."""
    return _turn(place, [*_reaches(text, polarity())]) < 0


def _ideas(text: str, reaches: Sequence[Span], known: Polarity) -> Iterator[tuple[str, int, Span]]:
    for idea in known.ideas:
        for way in idea.ways.finditer(text):
            turn = _turn(way.start(), reaches, within=True)
            if turn > 0 or not idea.is_named or _is_direct(text, way.start(), known):
                yield idea.name, idea.sign * turn, way.span()


def _is_direct(text: str, place: int, known: Polarity) -> bool:
    """Whether the word before a noun says that there is none of it."""
    return (_BEFORE.findall(text, 0, place) or [""])[-1] in known.direct


def _carries(word: str, known: Polarity) -> bool:
    return (len(word) >= _LETTERS or word.isdigit()) and word not in synonyms().light and word not in known.opening


def _turn(place: int, reaches: Sequence[Span], within: bool = False) -> int:
    """-1 in a reach; `within`: not where the reach begins, as with "sans attendre", which says no by itself."""
    return -1 if any(start + within <= place < end for start, end in reaches) else 1


def _reaches(text: str, known: Polarity) -> Iterator[Span]:
    """From where a negation opens to where its part of the sentence ends: "ne … pas" and "ni … ni" are one, and
    "jamais sans" is none."""
    opened, words, before, twice = -1, 0, "", False
    for step in _STEP.finditer(text):
        word = step[0]
        words += 1
        if opened >= 0 and (_ends(word, before, known) or words > _FAR):
            if not twice:
                yield opened, step.start()
            twice = word in known.anew and not twice
            opened = -1
        if word in known.opening:
            opened, words = (step.start() if opened < 0 else opened), 0
        if opened >= 0 and word in known.last:
            yield opened, step.end()
            opened = -1
        before = word
    if opened >= 0 and not twice:
        yield opened, len(text)


def _ends(word: str, before: str, known: Polarity) -> bool:
    if not word[0].isalnum() or word in known.anew:
        return True
    return word in known.stops and not (before in known.anew and word in ("que", "qu"))
