"""What the nearest confirmed messages say: each speaks for its queue, the nearer the louder."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

NEIGHBOURS = 10
"""How many speak; search is asked for some more, which canned answers are ranked by."""
SHARPNESS = 6.0
"""A neighbour's weight is its similarity to this power."""
AT_ONCE = 1000
"""Messages compared at once: enough to be quick, few enough for memory."""


def shares(nearest: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Each queue's share of the weight of (queue, similarity) pairs; empty where nothing is similar at all."""
    weight: dict[str, float] = {}
    for queue, similarity in nearest:
        if similarity > 0:
            weight[queue] = weight.get(queue, 0.0) + min(similarity, 1.0) ** SHARPNESS
    total = sum(weight.values())
    return {queue: given / total for queue, given in weight.items()} if total > 0 else {}


def shares_left_out(
    vectors: NDArray[np.float32], labels: NDArray[np.int64], groups: Sequence[str], count: int
) -> NDArray[np.float64]:
    """Shares [message, label] that every message would have met, all of its group left out.

    Folds for groups hold back as much from the neighbours as from the classifier, and so weigh the two fairly.
    """
    found = np.zeros((len(labels), count))
    _, number = np.unique(np.array(groups), return_inverse=True)
    for start in range(0, len(labels), AT_ONCE):
        rows = slice(start, start + AT_ONCE)
        similar = vectors[rows] @ vectors.T
        similar[number[rows, None] == number[None, :]] = -1.0
        close = np.argpartition(-similar, min(NEIGHBOURS, similar.shape[1] - 1), axis=1)[:, :NEIGHBOURS]
        weight = np.clip(np.take_along_axis(similar, close, axis=1).astype(np.float64), 0.0, 1.0) ** SHARPNESS
        np.add.at(found[rows], (np.arange(len(close))[:, None], labels[close]), weight)
    return np.asarray(found / np.maximum(found.sum(axis=1, keepdims=True), 1e-300))
