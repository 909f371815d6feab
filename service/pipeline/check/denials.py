"""Ideas and words that a draft's clause says yes to where its source says no, or the reverse."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from service.pipeline.check.clauses import Clause, Near, common
from service.pipeline.check.conditions import is_exception_told
from service.pipeline.check.meaning import meaning
from service.pipeline.check.negation import negated
from service.pipeline.check.polarity import Signs, signs
from service.pipeline.check.tokens import weight

_NEARLY_SAME = 0.7
"""Share from which on a clause is its source's but for a few words: each word that turns round counts by itself."""
_OF_IDEAS, _OF_WORDS = 0.25, 0.38
"""Share of what a clause says from which on a source clause speaks of an idea of it, or of a word."""
_OF_MANY = 0.3
"""The same where it is several words that the two say otherwise."""
_BY_ONE = 0.32
"""That share where the two have but one thing in common."""
_BESIDE = 0.4
"""Share of the nearness of the nearest one below which a source clause is about something else."""
_AS_NEAR = 0.75
"""Share of the nearness of the one that says the contrary from which on another one acquits."""


class Contradicted(NamedTuple):
    """`kind`: `negation_added`, `negation_lost` or `opposite`."""

    kind: str
    near: Near


def contradicted(clause: Clause, near: Sequence[Near]) -> Contradicted | None:
    """The nearest source clause that says the contrary, where none that is as near says the same."""
    for one in near:
        if one.share < max(_OF_IDEAS, _BESIDE * near[0].share):
            break
        if is_exception_told(clause, one.clause):
            continue
        turns = {*turned(clause, one.clause, _is_nearly_same(clause, one))} - _kept(clause, one, near)
        of_ideas = any(name.startswith("@") for name in turns)
        least = _OF_IDEAS if of_ideas else _OF_MANY if len(turns) > 1 else _OF_WORDS
        if turns and one.share >= least and (len(common(clause, one.clause)) > 1 or one.share >= _BY_ONE):
            return Contradicted(kind_of(clause, one.clause), one)
    return None


def _is_nearly_same(clause: Clause, near: Near) -> bool:
    return near.share >= _NEARLY_SAME and weight(common(near.clause, clause)) >= _NEARLY_SAME * near.clause.weight


def _kept(clause: Clause, beside: Near, near: Sequence[Near]) -> set[str]:
    """What a source clause as near says the same way of something that the clause speaks of, too."""
    ours = signs(clause.text)
    as_near = [
        signs(one.clause.text).of
        for one in near
        if one is not beside
        and one.share >= _AS_NEAR * beside.share
        and common(clause, one.clause).keys() - ours.spoken
    ]
    return {name for name, of in ours.of.items() if any(of & theirs.get(name, frozenset()) for theirs in as_near)}


def turned(clause: Clause, source: Clause, nearly_same: bool = True) -> Iterator[str]:
    """The ideas (`@name`) and words that the clause turns round; unless the two are nearly the same, no words where as
    many are said the same way, and no modal ideas but of the same word."""
    ours, theirs = signs(clause.text), signs(source.text)
    polar = [name for name in _polar(ours, theirs) if -1 in ours.of[name] | theirs.of[name]]
    turns = [name for name in polar if not ours.of[name] & theirs.of[name]]
    about = {name for name, _ in ours.ruled & theirs.ruled}
    sure = [name for name in turns if name.startswith("@") and (name not in ours.modal or name in about)]
    yield from turns if nearly_same or 2 * len(turns) > len(polar) else sure


def _polar(ours: Signs, theirs: Signs) -> Iterator[str]:
    """What both speak of: ideas, and words that one of them negates, unless the other one says no in its own way."""
    for name in ours.of.keys() & theirs.of.keys():
        if name.startswith("@"):
            yield name
            continue
        for one, other in ((ours, theirs), (theirs, ours)):
            if name in one.no and not _says_no_too(name, one, other):
                yield name
                break


def _says_no_too(name: str, one: Signs, other: Signs) -> bool:
    """Whether the other one says no to what else that negation of the first covers, or to what the first does not."""
    unit = next(unit for unit in one.units if name in unit)
    return bool(unit & other.no - {name}) or any(not other_unit & one.no for other_unit in other.units)


def kind_of(clause: Clause, source: Clause) -> str:
    """What to call that the one says the contrary of the other."""
    more = sum(negated(clause.text, meaning()).values()) - sum(negated(source.text, meaning()).values())
    if more > 0:
        return "negation_added"
    return "negation_lost" if more < 0 else "opposite"


def denied(clause: Clause, near: Sequence[Near]) -> bool:
    """Whether the clause says no once, whatever it is to, where the nearest source clause has no word of the kind, and
    none of the others says no to the same idea."""
    source = near[0].clause
    words = meaning()
    ours, theirs = sum(negated(clause.text, words).values()), sum(negated(source.text, words).values())
    if (ours, theirs) != (1, 0) or _refusals(clause) or _refusals(source) or is_exception_told(clause, source):
        return False
    denied_ideas = {name for name in signs(clause.text).no if name.startswith("@")}
    return not any(one.share >= _OF_WORDS and denied_ideas & signs(one.clause.text).no for one in near)


def _refusals(clause: Clause) -> bool:
    return any(word.startswith(meaning().refusals) for word in clause.words)
