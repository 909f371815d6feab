"""How loud each confirmed message may speak, and from which similarity on two speak about the same thing."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from service.learning.examples import Vectors
from service.learning.nearest import SHARPNESS

AGREE = 2 / 3
"""Share of near pairs that have the same queue, from which near means of the same kind."""
FEWEST_PAIRS = 100
MOST_ASKED = 1_000
"""Messages whose neighbours are looked at: enough for a share, few enough for a second."""
LEVELS = np.arange(20, 90, 5) / 100


def loudness(senders: Sequence[str], vectors: Vectors) -> NDArray[np.float64]:
    """A weight a message, in (0, 1]: equal messages of one sender count together as little more than one.

    A message that has c likenesses in its sender's others (itself counted, each by its similarity to the power that
    neighbours count with) weighs (2 - 1/c) / c. Different messages of one sender hardly lose anything, and equal
    ones of different senders nothing: many customers do write the same. Without a sender nothing is lost either.
    """
    weights = np.ones(len(senders))
    for rows in _by_sender(senders).values():
        if len(rows) > 1:
            alike = np.clip(vectors[rows] @ vectors[rows].T, 0.0, 1.0) ** SHARPNESS
            np.fill_diagonal(alike, 1.0)
            count = alike.sum(axis=1)
            weights[rows] = (2 - 1 / count) / count
    return weights


def near_level(vectors: Vectors, senders: Sequence[str], labels: Sequence[str]) -> float | None:
    """The lowest similarity from which messages of different senders mostly have the same queue: embedders differ
    in what they call similar. None where too few are that similar to tell."""
    if not len(labels):
        return None
    _, who = np.unique(np.array(senders), return_inverse=True)
    _, queue = np.unique(np.array(labels), return_inverse=True)
    asked = np.arange(0, len(labels), -(-len(labels) // MOST_ASKED))
    similar = vectors[asked] @ vectors.T
    similar[who[asked, None] == who[None, :]] = -1.0
    agreed = queue[asked, None] == queue[None, :]
    for level in LEVELS:
        near = similar >= level
        if near.sum() < FEWEST_PAIRS:
            return None
        if agreed[near].mean() >= AGREE:
            return float(level)
    return None


def _by_sender(senders: Sequence[str]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = defaultdict(list)
    for row, sender in enumerate(senders):
        if sender:
            rows[sender].append(row)
    return rows
