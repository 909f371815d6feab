"""Confirmed messages under votes that have not learned from them, to replay a changed playbook on.

A change is replayed only on the messages that it touches: the other voters' scores are kept, and only the keywords'
vote is made anew.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.domain.answers import CannedAnswer
from service.domain.playbook import Playbook
from service.domain.redacted import Redacted
from service.domain.suggestion import Effect
from service.domain.votes import Vote
from service.learning.corpus import Corpus
from service.learning.examples import Example, Vectors, fold_of, unread_by_authors
from service.learning.fit_pool import fit_weights
from service.learning.linear import fit_held_out, likeness
from service.learning.nearest import NEIGHBOURS, shares
from service.learning.paired import compare
from service.learning.pool import PRIOR, VOTERS, opinion, softmax
from service.learning.reading import Reading, read
from service.learning.weak import WeakExample, weak_examples
from service.playbooks.matcher import Hit, KeywordMatcher

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
HitsOf = Callable[[Redacted, KeywordMatcher], Sequence[Hit]]
VoteOf = Callable[[Iterable[Hit], Redacted], Vote]

FOLDS = 5
MOST_ROWS = 5_000
"""Messages and weak examples together, so that all folds are one factorisation of a few seconds."""
SHARPNESS_PRIOR = 5.0
SHOWN = 10


@dataclass(frozen=True)
class Reader:
    """How keywords are found and made a vote (`service.pipeline.votes.keywords`)."""

    hits: HitsOf
    vote: VoteOf


@dataclass(frozen=True)
class Held:
    """One row an example. `opinions` [row, queue] by voter and their `weights` [row, voter] have not seen the row;
    `near` [row, neighbour] are rows of other folds, nearest first, `similar` how near."""

    playbook: Playbook
    examples: Sequence[Example]
    readings: Sequence[Reading]
    reader: Reader
    hits: Sequence[Sequence[Hit]]
    labels: Rows
    folds: Rows
    opinions: Mapping[str, Array]
    weights: Array
    near: Rows
    similar: Array

    @property
    def queues(self) -> tuple[str, ...]:
        return self.playbook.queue_ids

    @property
    def clusters(self) -> list[str]:
        return [one.sender_key or one.external_id for one in self.examples]

    def scores(self, row: int, **instead: Array) -> Array:
        """Of one row, with other opinions of some voters."""
        given = {**{voter: self.opinions[voter][row] for voter in self.opinions}, **instead}
        return np.asarray(sum(self.weights[row, at] * given[voter] for at, voter in enumerate(given)))

    def probabilities(self) -> Array:
        """[row, queue], calibrated by the weights alone."""
        return softmax(np.array([self.scores(row) for row in range(len(self.labels))]).reshape(-1, len(self.queues)))

    def with_hits(self, row: int, hits: Iterable[Hit]) -> int:
        """The best queue of a row where these keywords occur instead of its own."""
        said = self.reader.vote(hits, self.examples[row].redacted)
        return int(self.scores(row, keywords=opinion(_scores([said], self.queues)[0])).argmax())


def hold_out(
    examples: Sequence[Example],
    playbook: Playbook,
    answers: Sequence[CannedAnswer],
    reader: Reader,
    vectors: Vectors | None = None,
) -> Held:
    """Five folds, whole by sender. Queues that the playbook lacks are left out by the caller."""
    readings = [read(one.redacted) for one in examples]
    number = {queue: at for at, queue in enumerate(playbook.queue_ids)}
    labels = np.array([number[one.queue] for one in examples], dtype=np.int64)
    folds = fold_of(examples, FOLDS)
    matcher = KeywordMatcher(playbook)
    hits = [tuple(reader.hits(one.redacted, matcher)) for one in examples]
    votes = [reader.vote(found, one.redacted) for found, one in zip(hits, examples, strict=True)]
    importance = np.array([one.weight for one in examples])
    opinions = {
        "keywords": opinion(_scores(votes, playbook.queue_ids)),
        "classifier": _classified(readings, labels, importance, folds, playbook, answers),
    }
    near, similar = np.zeros((len(examples), 0), dtype=np.int64), np.zeros((len(examples), 0))
    if vectors is not None and len(examples) > 1:
        near, similar = _nearest(vectors, folds)
        opinions["neighbours"] = opinion(_shares(near, similar, labels, len(number)))
    unread = unread_by_authors(examples, playbook.history.studied)
    weights = _weights(opinions, labels, importance, folds, unread)
    return Held(playbook, examples, readings, reader, hits, labels, folds, opinions, weights, near, similar)


def as_lived(held: Held, lived: Mapping[str, Sequence[Vote]]) -> Held:
    """With the votes, by external id, that messages got when they came in: what the voters said before anybody
    corrected them, which is fairer than any fold. The keywords' vote stays that of the playbook."""
    opinions = {voter: given.copy() for voter, given in held.opinions.items()}
    for row, one in enumerate(held.examples):
        for vote in lived.get(one.external_id, ()):
            if vote.voter != "keywords" and vote.voter in opinions:
                opinions[vote.voter][row] = opinion(_scores([vote], held.queues)[0])
    return replace(held, opinions=opinions)


def effect(held: Held, before: Rows, after: Mapping[int, int], without: Iterable[int] = ()) -> Effect:
    """`before` is each row's best queue, `after` that of the rows that change; `without` leaves rows out."""
    left = set(without)
    rows = [row for row in range(len(held.labels)) if row not in left]
    first = [bool(before[row] == held.labels[row]) for row in rows]
    second = [bool(after.get(row, before[row]) == held.labels[row]) for row in rows]
    return paired_effect(held, rows, first, second)


def paired_effect(held: Held, rows: Sequence[int], first: Sequence[bool], second: Sequence[bool]) -> Effect:
    """Of rows that were right (`first`) and that would have been (`second`)."""
    if not rows:
        return Effect(n=0, fixed=0, broken=0, verdict="cannot tell", p=1.0, smallest=1.0)
    clusters = held.clusters
    found = compare(first, second, [clusters[row] for row in rows])
    names = [held.examples[row].external_id for row in rows]
    return Effect(
        n=len(rows),
        fixed=found.won,
        broken=found.lost,
        verdict=found.verdict,
        p=float(f"{found.p:.4g}"),
        smallest=round(found.smallest, 4),
        helped=tuple(name for name, a, b in zip(names, first, second, strict=True) if b and not a)[:SHOWN],
        hurt=tuple(name for name, a, b in zip(names, first, second, strict=True) if a and not b)[:SHOWN],
    )


def _classified(
    readings: Sequence[Reading],
    labels: Rows,
    importance: Array,
    folds: Rows,
    playbook: Playbook,
    answers: Sequence[CannedAnswer],
) -> Array:
    weak = _fewer(weak_examples(playbook, answers), MOST_ROWS - len(readings))
    number = {queue: at for at, queue in enumerate(playbook.queue_ids)}
    _, given = Corpus(whole := [*readings, *(one.reading for one in weak)]).vocabulary(len(whole))
    targets = np.eye(len(number), dtype=bool)[[*labels, *(number[one.queue] for one in weak)]]
    weights = np.concatenate([importance, [one.weight for one in weak]])
    held_in = np.concatenate([folds, np.full(len(weak), -1)])
    _, held = fit_held_out(given, targets, weights, held_in, likeness(given))
    held = held[: len(readings)]
    (sharpness,) = fit_weights([held], labels, importance, (SHARPNESS_PRIOR,))
    return opinion(softmax(sharpness * held))


def _fewer(weak: Sequence[WeakExample], room: int) -> Sequence[WeakExample]:
    """Evenly thinned: a few of each queue's teach most of what all do."""
    step = max(1, -(-len(weak) // max(1, room)))
    return weak[::step]


def _nearest(vectors: Vectors, folds: Rows) -> tuple[Rows, Array]:
    near, found = [], []
    for start in range(0, len(vectors), 1000):
        similar = np.asarray(vectors[start : start + 1000] @ vectors.T, dtype=np.float64)
        similar[folds[start : start + 1000, None] == folds[None, :]] = -1.0
        near.append(np.argsort(-similar, axis=1, kind="stable")[:, :NEIGHBOURS])
        found.append(np.take_along_axis(similar, near[-1], axis=1))
    return np.concatenate(near), np.concatenate(found)


def _shares(near: Rows, similar: Array, labels: Rows, count: int) -> Array:
    found = np.zeros((len(near), count))
    for row, columns in enumerate(near):
        said = shares(zip(map(str, labels[columns]), map(float, similar[row]), strict=True))
        for label, share in said.items():
            found[row, int(label)] = share
    return found


def _weights(opinions: Mapping[str, Array], labels: Rows, importance: Array, folds: Rows, unread: Any) -> Array:
    """[row, voter], for each fold learned from the others."""
    voters = [voter for voter in VOTERS if voter in opinions]
    prior = [PRIOR[voter] for voter in voters]
    weights = np.tile(np.array(prior), (len(labels), 1))
    for fold in np.unique(folds):
        kept = (folds != fold) & unread
        given = [opinions[voter][kept] for voter in voters]
        weights[folds == fold] = fit_weights(given, labels[kept], importance[kept], prior)
    return weights


def _scores(votes: Sequence[Vote], queues: Sequence[str]) -> Array:
    return np.array([[vote.scores.get(queue, 0.0) for queue in queues] for vote in votes]).reshape(-1, len(queues))
