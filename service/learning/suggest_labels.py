"""Recorded labels that look wrong, the likeliest mistake first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from service.domain.suggestion import Effect
from service.learning.nearest import shares
from service.learning.pool import opinion
from service.learning.suggest_replay import Array, Held, Rows, paired_effect


@dataclass(frozen=True)
class LabelFound:
    """`probability` of the recorded queue, `other_probability` of the one that it looks like."""

    row: int
    queue: str
    other: str
    probability: float
    other_probability: float
    effect: Effect


def suggest_labels(held: Held, probabilities: Array, most: int) -> list[LabelFound]:
    """Confident learning (Northcutt, Jiang and Chuang 2021, "Confident learning: estimating uncertainty in dataset
    labels", JAIR 70): messages whose best queue out of fold is not the recorded one, ranked by self-confidence, the
    probability of the recorded queue, the lowest first.

    Of 2 % of the reference account's labels changed at random, 21 to 23 of 26 are among the first 50 this way
    (`evals.suggestions`); ranked by the normalised margin, it was 10 to 15.
    """
    rows = np.arange(len(held.labels))
    guesses = probabilities.argmax(axis=1) if len(rows) else rows
    mine, theirs = probabilities[rows, held.labels], probabilities[rows, guesses]
    suspect = map(int, np.flatnonzero(guesses != held.labels))
    ranked = sorted(suspect, key=lambda row: (mine[row], -theirs[row], held.examples[row].external_id))
    return [
        LabelFound(
            row,
            held.queues[held.labels[row]],
            held.queues[guesses[row]],
            round(float(mine[row]), 4),
            round(float(theirs[row]), 4),
            _effect(held, guesses, row, int(guesses[row])),
        )
        for row in list(_once(held, ranked))[:most]
    ]


def _once(held: Held, rows: Iterable[int]) -> Iterator[int]:
    """Of equal messages that one sender's cluster holds under one queue, the first: they are one question."""
    seen: set[tuple[str, int, str, str]] = set()
    clusters = held.clusters
    for row in rows:
        redacted = held.examples[row].redacted
        key = (clusters[row], int(held.labels[row]), redacted.subject, redacted.text)
        if key not in seen:
            seen.add(key)
            yield row


def _effect(held: Held, guesses: Rows, changed: int, queue: int) -> Effect:
    """The message itself counts as right or wrong under the new label, and speaks for it as a neighbour; what the
    classifier would learn from it is not replayed."""
    labels = held.labels.copy()
    labels[changed] = queue
    after = _as_neighbour(held, labels, changed)
    rows = range(len(labels))
    first = [bool(guesses[row] == held.labels[row]) for row in rows]
    second = [bool(after.get(row, guesses[row]) == labels[row]) for row in rows]
    return paired_effect(held, rows, first, second)


def _as_neighbour(held: Held, labels: Rows, changed: int) -> Mapping[int, int]:
    """Best queue of each message that has it among its nearest."""
    if "neighbours" not in held.opinions:
        return {}
    after = {}
    for row in np.flatnonzero((held.near == changed).any(axis=1)):
        said = np.zeros(len(held.queues))
        near = zip(map(str, labels[held.near[row]]), map(float, held.similar[row]), strict=True)
        for label, share in shares(near).items():
            said[int(label)] = share
        after[int(row)] = int(held.scores(int(row), neighbours=opinion(said)).argmax())
    return after
