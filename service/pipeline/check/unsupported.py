"""Commitments that no source makes, and statements that none has."""

from collections.abc import Iterator, Sequence, Set

from service.pipeline.check.acts import ungranted
from service.pipeline.check.clauses import Clause, Near, common
from service.pipeline.check.commitments import Grounds, Promised, unkept, unsaid
from service.pipeline.check.grounds import Cited
from service.pipeline.check.polarity import signs
from service.pipeline.check.retold import Retold
from service.pipeline.check.seen import Read, Seen
from service.pipeline.redact.spans import Span

_SUPPORTED, _AT_LENGTH = 0.5, 3.0
"""Share of what a clause of that weight says from which on one clause of a source says it: no statement of its own."""
_ALIKE = 0.35
"""Share from which on it says it where both say the same idea of the same thing."""
_ROUND = 1
"""Source clauses before and after the nearest one that may speak of what a clause grants."""


def unsupported(read: Read, cited: Cited, told: Set[str], found: Sequence[Seen], retold: Retold) -> Iterator[Seen]:
    """Commitments that no source makes; and statements that none has, where nothing else was found and the clause
    stands in no place of a source that is told nowhere else."""
    whole = cited.all
    grounds = Grounds(read, cited.windows, cited.blocks, whole.held_words, whole.customer, told)
    for clause in read:
        promised = unkept(clause, grounds, cited.all.families) or _ungranted(clause, read[clause], cited)
        if promised and clause.said_name(promised.at):
            promised = None
        touched = any(one.at.start < clause.end and one.at.end > clause.start for one in found)
        stated = None if promised or touched or _is_said(clause, read[clause]) else unsaid(clause, grounds)
        if not (at := promised.at if promised else stated):
            continue
        if (promised is None or promised.is_mild) and retold.stands_in(clause, cited.answers.values(), told):
            continue
        kind = "commitment" if promised else "statement"
        place = Span(clause.start + at.start(), clause.start + at.end(), kind, "")
        yield Seen(kind, place, *_closest(read[clause], cited))


def _ungranted(clause: Clause, near: Sequence[Near], cited: Cited) -> Promised | None:
    """What the clause grants that neither the sources near it nor the clauses round the nearest of these do."""
    around: list[Clause] = []
    if near and near[0].clause in cited.clauses:
        at = cited.clauses.index(near[0].clause)
        around = [*cited.clauses[max(0, at - _ROUND) : at + _ROUND + 1]]
    found = ungranted(clause, near, around)
    return Promised(found) if found else None


def _is_said(clause: Clause, near: Sequence[Near]) -> bool:
    """Whether one clause of a source says it, down to a fact; or says the same of the same thing in other words."""
    if near and near[0].share >= _ALIKE and _is_meant(clause, near[0].clause):
        return True
    if not near or near[0].share < _SUPPORTED or clause.weight < _AT_LENGTH:
        return False
    return any(" " in name for name in clause.tokens.keys() & near[0].clause.tokens.keys())


def _is_meant(clause: Clause, source: Clause) -> bool:
    """Whether both say yes, or both no, to an idea, and speak of one thing besides."""
    ours, theirs = signs(clause.text), signs(source.text)
    alike = any(of & theirs.of.get(name, frozenset()) for name, of in ours.of.items() if name.startswith("@"))
    return alike and bool(common(clause, source).keys() - ours.spoken)


def _closest(near: Sequence[Near], cited: Cited) -> tuple[str | None, str | None]:
    """How the cited answer (or the account) that is nearest says it, and which one that is."""
    named = ((one.clause.written, cited.name_of(one.clause)) for one in near)
    return next((one for one in named if one[1] != "message"), (None, None))
