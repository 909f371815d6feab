"""Clauses of a text, and the clauses of the sources that say nearly the same."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from service.pipeline.check.facts import facts
from service.pipeline.redact.spans import Span
from service.pipeline.redact.words import fold

_CLAUSE = re.compile(r"[^\n]+?(?:(?<!\bl)[.!?;:](?=\s|$)|(?=\n|$))")
_WORD = re.compile(r"[^\W_]+")
_STEM = 6
_SHORT, _LIGHT = 4, 0.2
"""Words of fewer letters are mostly grammar: they count a fifth."""
NEAR = 0.5
_AS_NEAR = 0.12


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """What stands between two of `.!?;:` or line ends. `text` is folded, `written` as shown."""

    start: int
    end: int
    text: str
    written: str
    words: tuple[str, ...]
    stems: frozenset[str]
    facts: tuple[Span, ...]

    @property
    def place(self) -> Span:
        """Where it stands, white space apart."""
        before = len(self.text) - len(self.text.lstrip())
        return Span(self.start + before, self.start + len(self.text.rstrip()), "clause", "")

    def said(self, fact: Span) -> str:
        """A fact of this clause, as it is written."""
        return self.text[fact.start - self.start : fact.end - self.start]

    def said_name(self, found: re.Match[str]) -> bool:
        """Whether what was found in the clause is one capitalised word, such as a surname, inside it."""
        return self.text[: found.start()].strip() != "" and found[0].capitalize() in _WORD.findall(self.written)


class Near(NamedTuple):
    share: float
    clause: Clause


def clauses(text: str) -> tuple[Clause, ...]:
    """In order; the spans of their facts are places in `text`."""
    folded, found = fold(text), facts(text)
    starts = [fact.start for fact in found]
    return tuple(
        _clause(
            text, folded, *match.span(), found[bisect_left(starts, match.start()) : bisect_left(starts, match.end())]
        )
        for match in _CLAUSE.finditer(folded)
        if _WORD.search(match[0])
    )


answer_clauses = lru_cache(maxsize=4096)(clauses)
"""The clauses of a canned answer's body, remembered; what customers write is not."""


def _clause(text: str, folded: str, start: int, end: int, found: Sequence[Span]) -> Clause:
    words = tuple(_WORD.findall(folded[start:end]))
    written = " ".join(text[start:end].split())
    return Clause(
        start, end, folded[start:end], written, words, frozenset(word[:_STEM] for word in words), tuple(found)
    )


def nearest_clauses(clause: Clause, sources: Iterable[Clause]) -> list[Near]:
    """The clauses that hold at least half of this one's words, by weight, and hardly less than the best does."""
    scored = [Near(_share(clause, source), source) for source in sources]
    best = max((near.share for near in scored), default=0.0)
    near = [one for one in scored if one.share >= max(NEAR, best - _AS_NEAR)]
    return sorted(near, key=lambda one: (-one.share, len(one.clause.stems)))


def _share(clause: Clause, source: Clause) -> float:
    """Share of the clause's words that the source has; a little more where it says little else."""
    shared = _weight(clause.stems & source.stems)
    return shared / max(1.0, _weight(clause.stems)) + 0.1 * shared / max(1.0, _weight(source.stems))


def _weight(stems: Iterable[str]) -> float:
    return sum(1.0 if len(stem) >= _SHORT else _LIGHT for stem in stems)
