"""Parts of a playbook that contradict each other, found by what they say and by precedence alone."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log, sqrt
from typing import Literal

from service.domain.playbook import Keyword, Playbook
from service.domain.suggestion import Effect
from service.learning.reading import read_text
from service.learning.suggest_replay import Held, Rows, effect
from service.playbooks.expressions import parse_expression
from service.playbooks.matcher import KeywordMatcher

ALIKE = 0.6
"""Cosine of two clauses from which they are about the same."""
TWIN = 0.85
"""From which they are the same."""
FEWEST_STEMS = 4
STRONG = 2.0
"""Weight from which a keyword claims its message."""

_CLAUSE = re.compile(r"(?<=[.;])\s+")
_QUEUE_ID = re.compile(r"[a-z][a-z0-9_-]+")

Reason = Literal["claimed_twice", "same_sentence", "keyword_twice", "keyword_ruled_out"]


@dataclass(frozen=True)
class ContradictionFound:
    """`expression` is the keyword whose removal from `queue` the effect is of; empty where sentences contradict."""

    reason: Reason
    queue: str
    other: str
    sentences: tuple[str, ...]
    expression: str = ""
    count: int = 0
    effect: Effect | None = None


@dataclass(frozen=True)
class _Clause:
    """`claims`: the queue that the clause gives its matter to; `of`: whose instruction it stands in."""

    of: str
    claims: str
    text: str
    stems: frozenset[str]


def suggest_contradictions(held: Held, guesses: Rows, most: int) -> list[ContradictionFound]:
    """Keywords whose removal would mend most first, then sentences, those between the most confused queues first."""
    playbook = held.playbook
    keywords = [*_keywords_twice(playbook), *_keywords_ruled_out(playbook)]
    measured = [_measured(held, guesses, one) for one in keywords]
    counted = [_counted(held, guesses, one) for one in _sentences(playbook)]
    return sorted([*measured, *counted], key=_rank)[:most]


def _sentences(playbook: Playbook) -> Iterator[ContradictionFound]:
    clauses = list(_clauses(playbook))
    times = Counter(stem for one in clauses for stem in one.stems)
    rarity = {stem: log((1 + len(clauses)) / (1 + count)) + 1 for stem, count in times.items()}
    length = [sqrt(sum(rarity[stem] ** 2 for stem in one.stems)) for one in clauses]
    for (at, one), (to, other) in combinations(enumerate(clauses), 2):
        if one.of == other.of and one.claims == other.claims:
            continue
        shared = sum(rarity[stem] ** 2 for stem in one.stems & other.stems)
        alike = shared / (length[at] * length[to])
        if alike >= TWIN and one.of != other.of and one.claims != other.claims:
            yield ContradictionFound("same_sentence", one.claims, other.claims, (one.text, other.text))
        elif alike >= ALIKE and one.claims != other.claims and _winner(playbook, one.claims, other.claims) is None:
            yield ContradictionFound("claimed_twice", one.claims, other.claims, (one.text, other.text))


def _clauses(playbook: Playbook) -> Iterator[_Clause]:
    """A clause that names one other queue speaks for that one; one that names several is nobody's claim."""
    known = set(playbook.queue_ids)
    for queue in playbook.queues:
        for sentence in queue.instructions:
            for text in _CLAUSE.split(sentence):
                named = set(_QUEUE_ID.findall(text)) & known - {queue.id}
                stems = frozenset(read_text(_without(text, known), playbook.language).stems)
                if len(named) <= 1 and len(stems) >= FEWEST_STEMS:
                    yield _Clause(queue.id, next(iter(named), queue.id), text.strip(), stems)


def _without(text: str, queues: set[str]) -> str:
    """A clause is about what it says beside the queues' ids."""
    return _QUEUE_ID.sub(lambda found: "" if found[0] in queues else found[0], text)


def _keywords_twice(playbook: Playbook) -> Iterator[ContradictionFound]:
    """The same strong expression for two queues, and no rule says which wins. Removed from the lighter one."""
    owners: dict[object, list[tuple[str, Keyword]]] = defaultdict(list)
    for queue in playbook.queues:
        for keyword in queue.keywords:
            if keyword.weight >= STRONG:
                owners[parse_expression(keyword.expression).meaning(playbook.language)].append((queue.id, keyword))
    for claimed in owners.values():
        for (one, mine), (other, its) in combinations(claimed, 2):
            if one != other and _winner(playbook, one, other) is None:
                less, more = ((one, mine), (other, its)) if mine.weight <= its.weight else ((other, its), (one, mine))
                said = tuple(f"{queue}: {keyword.expression} ^{keyword.weight:g}" for queue, keyword in (less, more))
                yield ContradictionFound("keyword_twice", less[0], more[0], said, less[1].expression)


def _keywords_ruled_out(playbook: Playbook) -> Iterator[ContradictionFound]:
    """A strong keyword of the queue that loses by a precedence rule, in the clause that names the winner alone."""
    matcher = KeywordMatcher(playbook.model_copy(update={"flags": ()}))
    known = set(playbook.queue_ids)
    seen = set()
    for rule in playbook.precedence:
        if rule.winner is None or "*" in rule.over:
            continue
        for text in _CLAUSE.split(rule.rule):
            if set(_QUEUE_ID.findall(text)) & known - {rule.winner}:
                continue
            for hit in matcher.hits(text):
                key = (hit.owner, hit.expression)
                if hit.owner in rule.over and hit.weight >= STRONG and key not in seen:
                    seen.add(key)
                    said = (rule.rule, f"{hit.owner}: {hit.expression} ^{hit.weight:g}")
                    yield ContradictionFound("keyword_ruled_out", hit.owner, rule.winner, said, hit.expression)


def _winner(playbook: Playbook, one: str, other: str) -> str | None:
    """By the first rule that names both."""
    for rule in playbook.precedence:
        for winner, loser in ((one, other), (other, one)):
            if rule.winner == winner and ("*" in rule.over or loser in rule.over):
                return winner
    return None


def _measured(held: Held, guesses: Rows, one: ContradictionFound) -> ContradictionFound:
    """With the effect of its keyword's removal."""
    after: Mapping[int, int] = {
        row: held.with_hits(row, [hit for hit in hits if (hit.owner, hit.expression) != (one.queue, one.expression)])
        for row, hits in enumerate(held.hits)
        if any((hit.owner, hit.expression) == (one.queue, one.expression) for hit in hits)
    }
    told = effect(held, guesses, after)
    counted = _counted(held, guesses, one)
    return ContradictionFound(one.reason, one.queue, one.other, one.sentences, one.expression, counted.count, told)


def _counted(held: Held, guesses: Rows, one: ContradictionFound) -> ContradictionFound:
    """With how many confirmed messages of either queue are taken for the other: what settling it may mend at most."""
    pair = {held.queues.index(one.queue), held.queues.index(one.other)}
    count = sum({int(a), int(b)} == pair for a, b in zip(held.labels, guesses, strict=True))
    return ContradictionFound(one.reason, one.queue, one.other, one.sentences, one.expression, count, one.effect)


def _rank(one: ContradictionFound) -> tuple[int, int, str, str, Sequence[str]]:
    gain = one.effect.fixed - one.effect.broken if one.effect else 0
    return -max(gain, 0), -one.count, one.queue, one.other, one.sentences
