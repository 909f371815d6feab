"""Fits the classifier's view of an embedder's vectors."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from service.learning.embedded import MOST_ANCHORS, Embedded, likeness
from service.learning.fit_pool import fit_weights

Array = NDArray[np.float64]
Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

PENALTY = 0.03
"""0.01 to 0.1 measure alike, and so do likenesses that fall half or twice as fast."""
SHARPNESS_PRIOR = 3.0
FEWEST = 20
"""Messages below which nothing is learned from vectors."""
_STEADY = 1e-6


def fit_embedded(
    vectors: Floats, labels: Rows, count: int, importance: Array, folds: Rows, held: Array
) -> tuple[Embedded, Array] | None:
    """The view, and the scores [message, queue] of both views joined, each message by views without its fold.

    `vectors` are unit vectors; `held` the margins by words, out of fold. None where there is too little to learn from.
    """
    if len(vectors) < FEWEST or not vectors.any():
        return None
    view, seen = _fitted(vectors, np.eye(count)[labels] * 2 - 1, importance, folds)
    words, meaning = fit_weights([held, seen], labels, importance, (SHARPNESS_PRIOR, SHARPNESS_PRIOR))
    return replace(view, sharpness=(words, meaning)), words * held + meaning * seen


def _fitted(vectors: Floats, targets: Array, importance: Array, folds: Rows) -> tuple[Embedded, Array]:
    """The view, and its margins of every message by a view without its fold."""
    anchors = vectors[:: -(-len(vectors) // MOST_ANCHORS)]
    near = likeness(vectors, anchors)
    whole = _solved(near, targets, importance, anchors)
    seen = np.zeros(targets.shape)
    for fold in np.unique(folds):
        out = folds == fold
        apart, mean = _solved(near[~out], targets[~out], importance[~out], anchors)
        seen[out] = near[out] @ apart + mean
    coefficients, intercepts = (one.astype(np.float32) for one in whole)
    return Embedded(anchors, coefficients, intercepts), seen


def _solved(near: Array, targets: Array, importance: Array, anchors: Floats) -> tuple[Array, Array]:
    """Coefficients, and the mean of the targets that they start from."""
    if not len(near):
        return np.zeros((len(anchors), targets.shape[1])), np.full(targets.shape[1], -1.0)
    mean = np.asarray((targets * importance[:, None]).sum(axis=0) / importance.sum())
    weighed = near.T * importance
    system = weighed @ near + PENALTY * likeness(anchors, anchors)
    system[np.diag_indices_from(system)] += _STEADY
    return np.asarray(np.linalg.solve(system, weighed @ (targets - mean))), mean
