"""Where in its sources a clause is at home: the few clauses there that follow each other and say all that it says."""

from collections.abc import Sequence, Set

from service.pipeline.check.clauses import Clause
from service.pipeline.check.grounds import Cited
from service.pipeline.check.tokens import weight

_LONGEST = 3
"""Clauses that follow each other."""
_ALL, _AT_LEAST = 0.95, 4.0
"""Share and weight of what a clause says that they have to say: shorter ones are at home in many places."""


def home_of(clause: Clause, cited: Cited, told: Set[str]) -> Sequence[Clause]:
    """The fewest clauses of a cited answer that say all of it, the customer's own facts (`told`) apart; empty where
    none do. No condition of any other clause is its condition."""
    said = {name: value for name, value in clause.tokens.items() if name not in told}
    if weight(said) < _AT_LEAST:
        return ()
    for many in range(1, _LONGEST + 1):
        for answer in cited.answers.values():
            there = answer.clauses
            for first in range(len(there) - many + 1):
                window = there[first : first + many]
                if _holds(window, said):
                    return window
    return ()


def _holds(window: Sequence[Clause], said: dict[str, float]) -> bool:
    names = {name for one in window for name in one.tokens}
    return weight(said) - weight(said, names) >= _ALL * weight(said)
