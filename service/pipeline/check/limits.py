"""Limits beside a fact: "plus de 25 km" told as "moins de 25 km", "jusqu'à 800 €" told as "800 €"."""

import re
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from service.pipeline.check.clauses import Clause
from service.pipeline.check.conditions import bonds_in, bonds_of
from service.pipeline.check.lexicon import lexicon
from service.pipeline.check.meaning import meaning
from service.pipeline.check.tokens import stems, token, tokens, weight
from service.pipeline.redact.spans import Span

_BEFORE, _AFTER = 28, 32
"""Characters around a fact within which a limit is its own."""
_SIDES = {"cap": "upper", "under": "upper", "floor": "lower", "over": "lower"}
_CUTS = ",;:()"
_LOSABLE = frozenset({"amount", "percentage", "number"})
"""Kinds whose bound from above counts as lost; a delay mostly is one by itself."""
_SETTABLE = frozenset({"amount", "percentage", "number", "delay"})
"""Kinds that a limit may set."""
_MOST = 0.5
_AND = re.compile(r" (?:et|and) ")
"""What follows is of the next fact."""


class Unlimited(NamedTuple):
    """A fact of a draft whose limit is lost or turned round, and the source clause that has it."""

    fact: Span
    source: Clause


def unlimited(clause: Clause, beside: Sequence[Clause], sources: Sequence[Clause]) -> Iterator[Unlimited]:
    """Wherever every source clause with the fact bounds it from one side, and the clause from the other one, or
    an amount, percentage or count from above and the clause not at all. `beside`: the clause and its neighbours,
    where the bound may be."""
    for fact in clause.counted:
        same = [
            (source, other) for source in sources for other in source.counted if _is_same(fact, clause, other, source)
        ]
        theirs = {_side(source, other) for source, other in same}
        ours = _side(clause, fact)
        if len(theirs) != 1 or theirs <= {"", ours}:
            continue
        lost = fact.kind in _LOSABLE and not ours and theirs == {"upper"} and not _is_free(beside)
        said_too = any(_SIDES.get(bond) == ours for source, _ in same for bond in bonds_in(source))
        if lost or (ours and not said_too):
            yield Unlimited(fact, same[0][0])


def left_out(clause: Clause, source: Clause, ours: Sequence[Clause]) -> bool:
    """Whether the clause says most of its source but a limit and the amount, count or delay that it sets, which none of
    these clauses of the draft has either."""
    told = {(fact.kind, fact.key) for one in ours for fact in one.counted}
    gone = [fact for fact in source.counted if (fact.kind, fact.key) not in told]
    said = {name for one in ours for name in one.tokens} | stems(lexicon().durations)
    if not any(_is_limit(source, fact) and _chunk(source, fact) <= said | {token(fact)} for fact in gone):
        return False
    rest = weight(source.tokens) - sum(source.tokens.get(token(fact), 0.0) for fact in gone)
    return weight({name: value for name, value in source.tokens.items() if name in clause.tokens}) >= _MOST * rest > 0


def _is_limit(source: Clause, fact: Span) -> bool:
    return fact.kind in _SETTABLE and _side(source, fact) == "upper"


def _chunk(source: Clause, fact: Span) -> Set[str]:
    """What stands between the commas on both sides of a fact: what its limit is of."""
    start, end = fact.start - source.start, fact.end - source.start
    first = max(source.text.rfind(cut, 0, start) for cut in _CUTS) + 1
    last = min((at for cut in _CUTS if (at := source.text.find(cut, end)) >= 0), default=len(source.text))
    at = source.start + first
    inside = [one for one in source.facts if at <= one.start < source.start + last]
    text = meaning().bonds["cap"].sub(lambda found: " " * len(found[0]), source.text[first:last])
    return {name for name, value in tokens(text, at, inside).items() if value >= 1}


def _is_free(clauses: Sequence[Clause]) -> bool:
    """Whether these have a bound from above that stands beside none of their facts."""
    counted = bonds_of(" ".join(clause.text for clause in clauses))
    taken = sum(_side(clause, fact) == "upper" for clause in clauses for fact in clause.facts)
    return counted["cap"] + counted["under"] + counted["only"] > taken


def _is_same(one: Span, ours: Clause, other: Span, theirs: Clause) -> bool:
    if (one.kind, one.key) != (other.kind, other.key):
        return False
    return one.kind != "number" or _next(ours, one) == _next(theirs, other)


def _next(clause: Clause, fact: Span) -> str:
    """The word after a bare number: its unit."""
    return next(iter(clause.text[fact.end - clause.start :].split()), "").strip(_CUTS + ".")


def _side(clause: Clause, fact: Span) -> str:
    """`upper`, `lower`, or "" where nothing, or both, bounds it."""
    start, end = fact.start - clause.start, fact.end - clause.start
    before, after = clause.text[max(0, start - _BEFORE) : start], clause.text[end : end + _AFTER]
    for cut in _CUTS:
        before, after = before.rpartition(cut)[2], after.partition(cut)[0]
    for other in clause.facts:
        if other.end <= fact.start:
            before = before[max(0, len(before) - (fact.start - other.end)) :]
        elif other.start >= fact.end:
            after = after[: other.start - fact.end]
    counted = bonds_of(f"{before} {_AND.split(after)[0]}")
    sides = {side for bond, side in _SIDES.items() if counted[bond]}
    return sides.pop() if len(sides) == 1 else ""
