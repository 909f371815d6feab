"""Pairs of queues that are taken for each other, and what might settle them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from service.domain.playbook import Keyword, Playbook, Precedence
from service.domain.suggestion import Effect
from service.learning.reading import read_text
from service.learning.suggest_replay import Held, Rows, effect
from service.learning.suggest_terms import TELLING_Z, Terms, commonplace
from service.playbooks.matcher import KeywordMatcher

FEWEST = 3
"""Messages taken for the other queue below which there is no pattern."""
WORDS = 5
"""Shown and tried a side."""
WEIGHT = 1.0
SENTENCES = 2

Pair = tuple[int, int]


@dataclass(frozen=True)
class PairFound:
    """`count` messages of either queue were taken for the other, `rows` they are. `sentences` are those of the
    playbook that speak of both queues, or of either, and of these messages most. The `effect` is that of the words as
    keywords, chosen for each fold without it."""

    queue: str
    other: str
    rows: Sequence[int]
    sentences: tuple[str, ...]
    ruled: bool
    words: tuple[str, ...]
    other_words: tuple[str, ...]
    effect: Effect


def suggest_pairs(held: Held, terms: Terms, guesses: Rows, recent: Iterable[int], most: int) -> list[PairFound]:
    """Those with the most confused messages among the `recent` rows first, then among all."""
    confused: dict[Pair, list[int]] = defaultdict(list)
    for row in np.flatnonzero(guesses != held.labels):
        confused[_pair(int(held.labels[row]), int(guesses[row]))].append(int(row))
    new = set(recent)
    enough = [pair for pair, rows in confused.items() if len(rows) >= FEWEST]
    ranked = sorted(enough, key=lambda pair: (-len(new & set(confused[pair])), -len(confused[pair]), pair))
    return [_found(held, terms, guesses, pair, confused[pair]) for pair in ranked[:most]]


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def _found(held: Held, terms: Terms, guesses: Rows, pair: Pair, rows: Sequence[int]) -> PairFound:
    first, second = (np.flatnonzero(held.labels == queue) for queue in pair)
    ranked = terms.telling(map(int, first), map(int, second))
    mine, theirs = _words(terms, ranked)
    one, other = (held.queues[at] for at in pair)
    ruled, sentences = _closest(held.playbook, one, other, _said(terms, rows, dict(ranked)))
    return PairFound(one, other, rows, sentences, ruled, mine, theirs, _effect(held, terms, guesses, pair))


def _words(terms: Terms, ranked: Sequence[tuple[str, float]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What speaks for the first queue, and for the second; courtesies speak for none."""
    idle = commonplace(terms.language)
    mine = [stem for stem, z in ranked if z >= TELLING_Z and stem not in idle][:WORDS]
    theirs = [stem for stem, z in reversed(ranked) if -z >= TELLING_Z and stem not in idle][:WORDS]
    return tuple(terms.surface_of_stem[one] for one in mine), tuple(terms.surface_of_stem[one] for one in theirs)


def _said(terms: Terms, rows: Sequence[int], telling: Mapping[str, float]) -> dict[str, float]:
    """What the confused messages speak of, by stem: words that tell the two queues apart count most."""
    times = Counter(stem for row in rows for stem in terms.stems[row])
    return {stem: count / len(rows) * abs(telling.get(stem, 0.0)) for stem, count in times.items()}


def _closest(playbook: Playbook, one: str, other: str, said: Mapping[str, float]) -> tuple[bool, tuple[str, ...]]:
    """Whether a precedence rule names both, and the sentences that come closest: rules that name both, then
    instructions of one that name the other, then any of the two."""
    pairs = ((one, other), (other, one))
    rules = [rule.rule for rule in playbook.precedence if any(_settles(rule, *pair) for pair in pairs)]
    cross = [text for mine, its in pairs for text in playbook.queue(mine).instructions if its in text]
    written = [text for queue in (one, other) for text in playbook.queue(queue).instructions]
    chosen = sorted(rules or cross or written, key=lambda text: -_closeness(text, said, playbook.language))
    return bool(rules), tuple(chosen[:SENTENCES])


def _settles(rule: Precedence, winner: str, loser: str) -> bool:
    return rule.winner == winner and ("*" in rule.over or loser in rule.over)


def _closeness(text: str, said: Mapping[str, float], language: str) -> float:
    stems = set(read_text(text, language).stems)
    return sum(said.get(stem, 0.0) for stem in stems) / sqrt(len(stems) or 1)


def _effect(held: Held, terms: Terms, guesses: Rows, pair: Pair) -> Effect:
    """Words that are chosen in all folds but one are tried on that one."""
    by_fold = {int(fold): _of_fold(held, terms, pair, int(fold)) for fold in np.unique(held.folds)}
    wanted = {key for keys in by_fold.values() for key in keys}
    matcher = _matcher(held.playbook, wanted)
    after: dict[int, int] = {}
    for row, example in enumerate(held.examples):
        allowed = by_fold[int(held.folds[row])]
        hits = [hit for hit in held.reader.hits(example.redacted, matcher) if (hit.owner, hit.expression) in allowed]
        if hits:
            after[row] = held.with_hits(row, (*held.hits[row], *(replace(hit, weight=WEIGHT) for hit in hits)))
    return effect(held, guesses, after)


def _of_fold(held: Held, terms: Terms, pair: Pair, fold: int) -> set[tuple[str, str]]:
    """Queue and word, without what that fold says."""
    known = held.folds != fold
    rows = [map(int, np.flatnonzero((held.labels == queue) & known)) for queue in pair]
    both = _words(terms, terms.telling(*rows))
    return {(held.queues[queue], word) for queue, chosen in zip(pair, both, strict=True) for word in chosen}


def _matcher(playbook: Playbook, wanted: Iterable[tuple[str, str]]) -> KeywordMatcher:
    mine: dict[str, list[Keyword]] = defaultdict(list)
    for queue, expression in sorted(wanted):
        mine[queue].append(Keyword(expression=expression))
    queues = tuple(queue.model_copy(update={"keywords": tuple(mine[queue.id])}) for queue in playbook.queues)
    return KeywordMatcher(playbook.model_copy(update={"queues": queues, "flags": ()}))
