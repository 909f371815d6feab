"""Facts of a canned answer that the account's facts, or another answer, give otherwise."""

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from service.domain.answers import CannedAnswer
from service.domain.playbook import Playbook
from service.pipeline.check.body import remembered
from service.pipeline.check.clauses import Clause
from service.pipeline.check.sources import account_clauses, of_account
from service.pipeline.check.tokens import weight
from service.pipeline.redact.spans import Span

_KINDS = frozenset({"amount", "percentage", "delay", "date", "hours", "phone", "article"})
_CONTACTS = frozenset({"phone", "email", "link", "address"})
_SAME, _TELLING = 0.8, 2.0
"""Share of each clause's words that the other has, and least weight of what both say, for the same to be meant."""
_KEPT, _ENOUGH = 0.9, 5
"""Share, and number, of the library's facts of a kind that stand among the account's, for the rest to be told of."""


class Against(NamedTuple):
    """`text` of an answer stands against `there`, of `source`: `account`, or another answer's id."""

    answer: str
    text: str
    there: str
    source: str


def against_account(answer: CannedAnswer, playbook: Playbook) -> Iterator[Against]:
    """Facts that the account has nowhere, where those of its own that say the same have another value."""
    known = of_account(playbook)
    for clause in remembered(answer.body).clauses:
        for fact in clause.facts:
            if fact.kind in _KINDS and not known.says(fact):
                same = (one for one in account_clauses(playbook) if _keys(fact.kind, one) and _within(clause, one))
                if first := next(same, None):
                    yield Against(answer.id, clause.written, first.written, "account")


def kept_kinds(library: Sequence[CannedAnswer], playbook: Playbook) -> frozenset[str]:
    """Kinds of facts that the account keeps among its facts: nearly all of its answers' are there."""
    known, counted = of_account(playbook), Counter[tuple[str, bool]]()
    for answer in library:
        counted.update(
            (fact.kind, known.says(fact)) for clause in remembered(answer.body).clauses for fact in clause.facts
        )
    told = {kind: (counted[kind, True], counted[kind, False]) for kind in _KINDS | _CONTACTS}
    return frozenset(kind for kind, (kept, not_) in told.items() if kept >= max(_ENOUGH, _KEPT * (kept + not_)))


def unknown(answer: CannedAnswer, playbook: Playbook, kinds: Container[str]) -> Iterator[tuple[Span, str, str]]:
    """Facts of these kinds that the account's facts do not have, each with its clause and the fact there that
    speaks of most of the same."""
    known = of_account(playbook)
    for clause in remembered(answer.body).clauses:
        for fact in clause.facts:
            if fact.kind in kinds and not known.says(fact):
                like = max(
                    (one for one in account_clauses(playbook) if _keys(fact.kind, one)),
                    key=lambda one: sum(clause.tokens[name] for name in clause.tokens.keys() & one.tokens.keys()),
                )
                yield fact, clause.written, like.written


def paired(answers: Sequence[CannedAnswer], only: str | None) -> Iterator[tuple[int, int]]:
    """Places of two different answers, each pair once, the earlier first; `only`: those of which that one is a part."""
    for one in (place for place, answer in enumerate(answers) if only in {None, answer.id}):
        for other in range(one + 1 if only is None else 0, len(answers)):
            if answers[other].id != answers[one].id:
                yield min(one, other), max(one, other)


def against_each_other(library: Sequence[CannedAnswer], only: str | None = None) -> Iterator[Against]:
    """Clauses of two answers of one language that say the same of another fact; each pair once, as `paired`."""
    stated = [
        (answer, clause, bare)
        for answer in library
        for clause in remembered(answer.body).clauses
        if any(fact.kind in _KINDS for fact in clause.facts) and weight(bare := _bare(clause)) >= _TELLING
    ]
    for one, two in paired([answer for answer, _, _ in stated], only):
        (answer, clause, bare), (other, theirs, others) = stated[one], stated[two]
        same = other.language == answer.language and _alike(bare, others)
        if same and any(_differs(kind, clause, theirs) for kind in _KINDS):
            yield Against(answer.id, clause.written, theirs.written, other.id)


def _bare(clause: Clause) -> dict[str, float]:
    """What the clause says besides its facts."""
    return {name: value for name, value in clause.tokens.items() if " " not in name}


def _alike(one: dict[str, float], other: dict[str, float]) -> bool:
    shared = sum(one[name] for name in one.keys() & other.keys())
    return shared >= _SAME * max(weight(one), weight(other))


def _within(clause: Clause, other: Clause) -> bool:
    """Whether the clause says nearly all that the account's fact says, its name included."""
    mine, theirs = _bare(clause), _bare(other)
    return weight(theirs) >= _TELLING and sum(theirs[name] for name in theirs.keys() & mine.keys()) >= _SAME * weight(
        theirs
    )


def _differs(kind: str, one: Clause, other: Clause) -> bool:
    mine, theirs = _keys(kind, one), _keys(kind, other)
    return bool(mine) and bool(theirs) and not mine & theirs


def _keys(kind: str, clause: Clause) -> set[str]:
    return {fact.key for fact in clause.facts if fact.kind == kind}
