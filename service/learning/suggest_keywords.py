"""Keywords that would have helped: found in the words of missed messages, tried on all confirmed ones."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from service.domain.playbook import Keyword, Playbook
from service.domain.suggestion import Effect
from service.learning.reading import Reading
from service.learning.suggest_replay import Held, Rows, effect
from service.learning.suggest_terms import SHORTEST, Terms
from service.playbooks.expressions import SyntaxMistakeError, parse_expression
from service.playbooks.matcher import Hit, KeywordMatcher

NEAR_WORDS = 6
"""How far apart the words of a pair stand at most; the keyword itself allows a little more."""
LONGEST_PHRASE = 3
FEWEST = 3
"""Missed messages, of different senders, that an expression must occur in. With two, what was suggested from half of
the reference account's senders won nothing on the other half."""
LEAST_NET = 2
"""Messages won less messages lost."""
LEAST_SHARE = 0.5
"""Of the messages that an expression occurs in, so many must be of its queue."""
DOUBT = 2.0
"""Messages of no particular queue that are added before that share is taken."""
MOST_CANDIDATES = 1_500
MOST_TRIED = 150
WEIGHTS = (1.0, 2.0, 3.0)

Key = tuple[str, str]
"""Queue and expression."""


@dataclass(frozen=True)
class KeywordFound:
    """`effect` over all rows, `elsewhere` over those that did not suggest it."""

    queue: str
    expression: str
    weight: float
    effect: Effect
    elsewhere: Effect


@dataclass(frozen=True)
class _Tried:
    key: Key
    weight: float
    after: Mapping[int, int]
    won: frozenset[int]
    lost: frozenset[int]

    @property
    def net(self) -> int:
        return len(self.won) - len(self.lost)


def suggest_keywords(held: Held, terms: Terms, guesses: Rows, missed: Sequence[int], most: int) -> list[KeywordFound]:
    """The best first: by messages won less messages lost, then the simplest. `guesses` is each row's best queue,
    `missed` the rows whose words are looked at. What another one wins already is not proposed again."""
    wrong = [row for row in missed if guesses[row] != held.labels[row]]
    candidates = _candidates(held, terms, wrong)
    hits = _hits(held, [key for key in candidates if not _known(held.playbook, key)])
    chosen = sorted(hits, key=lambda key: (-len(candidates[key]) * _share(held, key, hits[key]), key))
    telling = [key for key in chosen if _share(held, key, hits[key]) >= LEAST_SHARE][:MOST_TRIED]
    tried = [best for key in telling if (best := _tried(held, guesses, key, hits[key])).net >= LEAST_NET]
    found = _apart(sorted(tried, key=_rank), most)
    return [_found(held, guesses, one, candidates[one.key]) for one in found]


def _candidates(held: Held, terms: Terms, wrong: Sequence[int]) -> dict[Key, list[int]]:
    """Expressions by queue with the missed messages that they were read in, one a sender."""
    rows: dict[Key, dict[str, int]] = defaultdict(dict)
    clusters = held.clusters
    for row in wrong:
        for expression in set(_expressions(held, terms, row)):
            rows[held.queues[held.labels[row]], expression].setdefault(clusters[row], row)
    enough = {key: list(found.values()) for key, found in rows.items() if len(found) >= FEWEST}
    kept = sorted(enough, key=lambda key: (-len(enough[key]), len(key[1]), key))[:MOST_CANDIDATES]
    return {key: enough[key] for key in kept}


def _expressions(held: Held, terms: Terms, row: int) -> Iterator[str]:
    """Single words by their stem, phrases as they stand, pairs of words near each other; a word that is said in
    messages of every kind makes a phrase only beside another."""
    reading, shown = held.readings[row], terms.surfaces
    ends = (reading.subject, len(reading.words))
    telling = [word in shown and stem not in terms.common for word, stem in _pairs(reading)]
    surface = [terms.surface_of_stem[stem] if word in shown else "" for word, stem in _pairs(reading)]
    for at in range(len(reading.words)):
        if not surface[at]:
            continue
        if telling[at]:
            yield surface[at]
        end = ends[at >= ends[0]]
        for last in range(at + 2, min(at + LONGEST_PHRASE, end) + 1):
            inside = reading.words[at + 1 : last - 1]
            joined = all(each in shown or len(each) < SHORTEST for each in inside)
            if surface[last - 1] and joined and any(telling[at:last]):
                yield '"' + " ".join(shown.get(each, each) for each in reading.words[at:last]) + '"'
        for other in range(at + 2, min(at + NEAR_WORDS, end)):
            if telling[at] and telling[other] and reading.stems[other] != reading.stems[at]:
                yield " & ".join(sorted((surface[at], surface[other])))


def _pairs(reading: Reading) -> Iterator[tuple[str, str]]:
    return zip(reading.words, reading.stems, strict=True)


def _known(playbook: Playbook, key: Key) -> bool:
    """Whether the queue has it already, or nobody could write it."""
    try:
        meaning = parse_expression(key[1]).meaning(playbook.language)
    except SyntaxMistakeError:
        return True
    has = playbook.queue(key[0]).keywords
    return any(parse_expression(one.expression).meaning(playbook.language) == meaning for one in has)


def _hits(held: Held, keys: Sequence[Key]) -> dict[Key, dict[int, Hit]]:
    """Where each occurs, by row: all of them in one pass over the messages."""
    mine: dict[str, list[Keyword]] = defaultdict(list)
    for queue, expression in keys:
        mine[queue].append(Keyword(expression=expression))
    queues = tuple(queue.model_copy(update={"keywords": tuple(mine[queue.id])}) for queue in held.playbook.queues)
    matcher = KeywordMatcher(held.playbook.model_copy(update={"queues": queues, "flags": ()}))
    found: dict[Key, dict[int, Hit]] = defaultdict(dict)
    for row, example in enumerate(held.examples):
        for hit in held.reader.hits(example.redacted, matcher):
            found[hit.owner, hit.expression][row] = hit
    return found


def _share(held: Held, key: Key, hits: Mapping[int, Hit]) -> float:
    """Of the messages that it occurs in, how many are of its queue; careful where they are few."""
    clusters, queue = held.clusters, held.queues.index(key[0])
    right = len({clusters[row] for row in hits if held.labels[row] == queue})
    wrong = len({clusters[row] for row in hits if held.labels[row] != queue})
    return right / (right + wrong + DOUBT) + DOUBT / len(held.queues) / (right + wrong + DOUBT)


def _tried(held: Held, guesses: Rows, key: Key, hits: Mapping[int, Hit]) -> _Tried:
    """With the lightest weight that does best."""
    return min(
        (_weighed(held, guesses, key, hits, weight) for weight in WEIGHTS), key=lambda one: (-one.net, one.weight)
    )


def _weighed(held: Held, guesses: Rows, key: Key, hits: Mapping[int, Hit], weight: float) -> _Tried:
    after = {row: held.with_hits(row, (*held.hits[row], replace(hit, weight=weight))) for row, hit in hits.items()}
    was = {row for row in after if guesses[row] == held.labels[row]}
    now = {row for row, guess in after.items() if guess == held.labels[row]}
    return _Tried(key, weight, after, frozenset(now - was), frozenset(was - now))


def _rank(one: _Tried) -> tuple[int, int, int, str, Key]:
    return -one.net, len(one.lost), one.key[1].count(" "), one.key[1], one.key


def _apart(ranked: Sequence[_Tried], most: int) -> list[_Tried]:
    """Without those that win nothing that a better one of their queue does not win."""
    won: dict[str, set[int]] = defaultdict(set)
    kept: list[_Tried] = []
    for one in ranked:
        if len(kept) < most and not one.won <= won[one.key[0]]:
            kept.append(one)
            won[one.key[0]] |= one.won
    return kept


def _found(held: Held, guesses: Rows, one: _Tried, suggested_by: Sequence[int]) -> KeywordFound:
    whole = effect(held, guesses, one.after)
    return KeywordFound(*one.key, one.weight, whole, effect(held, guesses, one.after, suggested_by))
