"""Negations and opposites that a draft's clause has lost or gained against a source clause."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from service.pipeline.check.clauses import Clause
from service.pipeline.check.conditions import bonds_of
from service.pipeline.check.meaning import Meaning, meaning
from service.pipeline.check.negation import negated, sense, unsure

_WORD = re.compile(r"[^\W_]+")


class Turn(NamedTuple):
    """`kind`: `negation_added`, `negation_lost` or `opposite`; `of`: the group that is negated on one side, or the
    beginnings of the two opposites."""

    kind: str
    of: tuple[str, ...]


def turned(clause: Clause, source: Clause) -> Iterator[Turn]:
    """What the clause says the other way round than its source."""
    words = meaning()
    excepted = bonds_of(clause.text)["exception"] != bonds_of(source.text)["exception"]
    yield from _negations(clause, source, words, excepted)
    yield from (Turn("opposite", pair) for pair in _opposites(clause, source, words))


def denied(clause: Clause, source: Clause) -> bool:
    """Whether the clause says no once, whatever it is to, where the source has no word of the kind."""
    words = meaning()
    ours, theirs = sum(negated(clause.text, words).values()), sum(negated(source.text, words).values())
    return (ours, theirs) == (1, 0) and not _refusals(clause, words) and not _refusals(source, words)


def speaks_of(source: Clause, turn: Turn) -> bool:
    """Whether it has a word of that group, or one of the opposites."""
    if turn.kind == "opposite":
        return any(word.startswith(turn.of) for word in source.words)
    words = meaning()
    said = (*source.words, *_WORD.findall(unsure(source.text, words)))
    return any(sense(word, words) in turn.of for word in said)


def _negations(clause: Clause, source: Clause, words: Meaning, excepted: bool) -> Iterator[Turn]:
    """Each word that is negated on one side and stands there plainly on the other, which has fewer negations.

    A word of refusal or absence ("refusé", "gratuit", "inutile") stands for a negation.
    """
    ours, theirs = negated(clause.text, words), negated(source.text, words)
    plain, meant = _affirmed(clause, words) - ours, _affirmed(source, words) - theirs
    refusals = _refusals(clause, words) - _refusals(source, words)
    more = sum(ours.values()) - sum(theirs.values()) + refusals
    both = _shared(ours, source) - _shared(theirs, clause) + refusals
    if max(more, both) > 0:
        for word in ours:
            if ours[word] > theirs[word] and meant[word] > plain[word]:
                yield Turn("negation_added", (word,))
    elif min(more, both) < 0 and not excepted:
        for word in theirs:
            if theirs[word] > ours[word] and plain[word] > meant[word]:
                yield Turn("negation_lost", (word,))


def _affirmed(clause: Clause, words: Meaning) -> Counter[str]:
    """Its words by what they say, without those of expressions that say yes or no in other words."""
    return Counter(sense(word, words) for word in _WORD.findall(unsure(clause.text, words)))


def _shared(denials: Counter[str], other: Clause) -> int:
    """How many of these negated words the other clause has at all."""
    said = {sense(word, meaning()) for word in other.words}
    return sum(count for word, count in denials.items() if word in said)


def _refusals(clause: Clause, words: Meaning) -> int:
    return sum([word.startswith(words.refusals) for word in clause.words])


def _opposites(clause: Clause, source: Clause, words: Meaning) -> Iterator[tuple[str, str]]:
    """ "payant" for "gratuit": each said plainly, and only on its side."""
    ours, theirs = _plain(clause, words), _plain(source, words)
    for meant, said in words.opposites:
        if (
            _begins(ours, said)
            and _begins(theirs, meant)
            and not (_begins(source.words, said) or _begins(clause.words, meant))
        ):
            yield meant, said


def _plain(clause: Clause, words: Meaning) -> list[str]:
    denials = negated(clause.text, words)
    return [word for word in clause.words if sense(word, words) not in denials]


def _begins(said: Iterable[str], beginning: str) -> bool:
    return any(word.startswith(beginning) for word in said)
