"""Sentences that stand in the place of one of a source that nothing else in the draft tells: free rewordings of it."""

from collections.abc import Iterable, Iterator, Sequence, Set
from functools import cached_property

from service.pipeline.check.body import Body
from service.pipeline.check.clauses import Clause, clauses, covered

_SHARE, _AT_LEAST, _MOST = 0.2, 2.0, 0.5
"""Share and weight of what a clause says that such a place has to hold; of a short clause, that share alone."""


class Retold:
    """What a whole draft leaves untold of its sources; read only where a sentence has no support."""

    def __init__(self, paragraphs: Sequence[str]) -> None:
        self._paragraphs = paragraphs

    @cached_property
    def _clauses(self) -> tuple[Clause, ...]:
        return tuple(clause for text in self._paragraphs for clause in clauses(text))

    def stands_in(self, clause: Clause, sources: Iterable[Body], told: Set[str]) -> bool:
        """Whether a paragraph of these canned answers has clauses that no other one of the draft tells, and with which
        this one shares enough of what it says, the customer's own facts (`told`) apart."""
        said = {name: value for name, value in clause.tokens.items() if name not in told}
        for left in self._untold(clause, sources):
            held = sum([value for name, value in said.items() if name in left])
            if held >= _MOST * clause.weight > 0 or (held >= _AT_LEAST and held >= _SHARE * clause.weight):
                return True
        return False

    def _untold(self, clause: Clause, sources: Iterable[Body]) -> Iterator[frozenset[str]]:
        """Of each paragraph of the sources, what those of its clauses say that the rest of the draft does not tell."""
        others = [other for other in self._clauses if other.text.strip() != clause.text.strip()]
        verbatim = {other.text.strip() for other in others}
        for told in sources:
            for block in told.paragraphs:
                passed = {id(source) for other in others for source in covered(other, block)}
                left = (one for one in block if id(one) not in passed and one.text.strip() not in verbatim)
                yield frozenset(name for one in left for name in one.tokens)
