"""The parts of a clause that say something of their own: "votre bonus est perdu, et l'adhésion continue" has two. A
clause that joins several of a source is like none of them; each of its pieces is like one."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cache

from service.pipeline.check.clauses import Clause, Near, common, kept, part, shares
from service.pipeline.check.conditions import is_exception_told
from service.pipeline.check.denials import Contradicted, contradicted
from service.pipeline.check.tokens import weight
from service.settings import PROMPTS
from service.yaml_file import read_yaml

_AT_LEAST = 2.0
"""Weight of what a piece says, for it to be one."""
_AMONG = 3
"""Nearest source clauses of which none may be an exception that the clause tells as a condition."""
_MUCH = 0.5
"""Share of what each says that the other has to say, for a piece to be held against a piece of a source."""


@dataclass(frozen=True, slots=True, eq=False)
class Cuts:
    """prompts/check/pieces.yaml, compiled."""

    cut: re.Pattern[str]
    says: re.Pattern[str]
    depends: re.Pattern[str]


@cache
def cuts() -> Cuts:
    """As shipped. Raises FileNotFoundError, KeyError or re.error where something is missing or wrong."""
    given = read_yaml(PROMPTS / "check" / "pieces.yaml")
    return Cuts(*(re.compile(given[name]) for name in ("cut", "says", "depends")))


@kept
def pieces(clause: Clause) -> tuple[Clause, ...]:
    """Those between commas, brackets, dashes and conjunctions that lead to a subject, where there are several and they
    say enough."""
    known = cuts()
    inside = [(fact.start - clause.start, fact.end - clause.start) for fact in clause.facts]
    found = [cut.span() for cut in known.cut.finditer(clause.text)]
    found = [cut for cut in found if not any(start <= cut[0] < end for start, end in inside)]
    if not found:
        return ()
    starts, ends = [0, *(end for _, end in found)], [*(start for start, _ in found), len(clause.text)]
    made = (part(clause, start, end) for start, end in zip(starts, ends, strict=True))
    return tuple(one for one in made if _is_piece(one, known))


def _is_piece(one: Clause, known: Cuts) -> bool:
    return one.weight >= _AT_LEAST and bool(known.says.search(one.text)) and not known.depends.match(one.text)


def against(
    clause: Clause, near: Sequence[Near], sources: Sequence[Clause], told: Set[str]
) -> tuple[Clause, Contradicted] | None:
    """The first piece of the clause that says the contrary of a source clause, or of a piece of one; `told` are the
    customer's own facts. None where the clause tells an exception of its sources as a condition."""
    if any(is_exception_told(clause, one.clause) for one in near[:_AMONG]):
        return None
    for piece in pieces(clause):
        beside = shares(piece, [one for source in sources for one in (source, *pieces(source))], told)
        found = contradicted(piece, beside)
        if found and found.near.share >= _MUCH and _is_said(found.near.clause, piece):
            return piece, found
    return None


def _is_said(source: Clause, piece: Clause) -> bool:
    return weight(common(source, piece)) >= _MUCH * source.weight
