"""What the playbook's own texts that read like a message say of it: its made-up examples above all.

A linear model learns what most messages of a queue have in common; an example that is alike in a few rare words
and pairs of words also tells the odd case (k nearest neighbours, Cover and Hart 1967, among texts whose labels no
customer's message has touched). Read from an inverted index, in a fraction of a millisecond.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from service.learning.vocabulary import Floats

Scores = NDArray[np.float64]
Places = NDArray[np.intp]
Numbers = NDArray[np.int32]

NEAREST = 40
"""Texts that speak; 25 to 60 measure alike."""
LEAST = 0.25
"""Of the nearest text's likeness, below which a text would hardly be heard."""
SHARPNESS = 4.0
"""A text speaks as loud as its likeness to this power."""


@dataclass(frozen=True)
class Kindred:
    """`rows[starts[c]:starts[c + 1]]` are the texts that have the term of column c, `values` their numbers there.
    `labels` [text] is each text's queue, `voices` [text] how much it may say."""

    starts: Numbers = field(default_factory=lambda: np.zeros(1, dtype=np.int32))
    rows: Numbers = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    values: Floats = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    labels: Numbers = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    voices: Floats = field(default_factory=lambda: np.zeros(0, dtype=np.float32))

    def __call__(self, columns: Places, values: Floats, count: int) -> Scores:
        """Each queue's share [queue] of what the nearest texts say of a message with these numbers; all 0 where none
        has a term in common with it."""
        told = columns < len(self.starts) - 1
        columns, values = columns[told], values[told]
        first = self.starts[columns]
        lengths = self.starts[columns + 1] - first
        ends = np.cumsum(lengths)
        at = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - ends + lengths, lengths)
        said = np.repeat(values, lengths) * self.values.take(at)
        alike = np.bincount(self.rows.take(at), said, len(self.labels))
        return shares(np.asarray(alike, dtype=np.float64), self.labels, self.voices, count)

    @property
    def arrays(self) -> tuple[NDArray[np.generic], ...]:
        return self.starts, self.rows, self.values, self.labels, self.voices


def shares(alike: Scores, labels: Numbers, voices: Floats, count: int) -> Scores:
    """Each queue's share of the nearest texts' voices, by how alike each is."""
    near = np.flatnonzero(alike > LEAST * alike.max(initial=0.0))
    if len(near) > NEAREST:
        near = near[np.argpartition(-alike[near], NEAREST)[:NEAREST]]
    said = np.bincount(labels[near], voices[near] * alike[near] ** SHARPNESS, count)
    total = said.sum()
    return np.asarray(said / total if total > 0 else said, dtype=np.float64)
