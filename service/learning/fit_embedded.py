"""Fits the classifier's view of an embedder's vectors."""

from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve

from service.learning.embedded import MOST_ANCHORS, Embedded, likeness
from service.learning.fit_pool import fit_weights
from service.learning.weak import DEFINITION

Array = NDArray[np.float64]
Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

PENALTY = 0.1
"""Inside training data 0.03 measures a tenth of a point less."""
SHARPNESS_PRIOR = 3.0
FEWEST = 20
"""Messages below which nothing is learned from vectors."""
_STEADY = 1e-6


def fit_embedded(
    vectors: Floats, labels: Rows, queues: Floats, importance: Array, folds: Rows, held: Array
) -> tuple[Embedded, Array] | None:
    """The view, and the scores [message, queue] of both views joined, each message by views without its fold.

    `vectors` are the messages' unit vectors, `queues` [queue] those of what is written about each queue; `held` the
    margins by words, out of fold. None where there is too little to learn from.
    """
    if len(vectors) < FEWEST or not vectors.any():
        return None
    view, seen = _fitted(vectors, labels, queues, importance, folds)
    words, meaning = fit_weights([held, seen], labels, importance, (SHARPNESS_PRIOR, SHARPNESS_PRIOR))
    return replace(view, sharpness=(words, meaning)), words * held + meaning * seen


def _fitted(vectors: Floats, labels: Rows, queues: Floats, importance: Array, folds: Rows) -> tuple[Embedded, Array]:
    """The view, and its margins of every message by a view without its fold. What is written about a queue is an
    example of it that is never held out: with five messages a queue it is worth two points, with thirty nothing."""
    count = len(queues)
    some = vectors[np.linspace(0, len(vectors) - 1, min(len(vectors), MOST_ANCHORS)).astype(int)]
    anchors = np.concatenate([some, queues])
    near, alike = likeness(vectors, anchors), likeness(anchors, anchors)
    targets, written = np.eye(count)[labels] * 2 - 1, np.eye(count) * 2 - 1
    parts = {fold: _Sums.of(near, targets, importance, folds == fold) for fold in np.unique(folds)}
    told = _Sums.of(alike[-count:], written, np.full(count, DEFINITION), np.ones(count, dtype=bool))
    whole = reduce(_Sums.plus, parts.values(), told)
    seen = np.zeros(targets.shape)
    for fold, part in parts.items():
        coefficients, intercepts = whole.plus(part, -1.0).solved(alike)
        seen[folds == fold] = near[folds == fold] @ coefficients + intercepts
    coefficients, intercepts = whole.solved(alike)
    return Embedded(anchors, coefficients.astype(np.float32), intercepts.astype(np.float32)), seen


@dataclass(frozen=True, slots=True)
class _Sums:
    """What least squares needs of some messages; of all but one fold, by subtraction."""

    gram: Array
    moment: Array
    near: Array
    targets: Array
    weight: float

    @classmethod
    def of(cls, near: Array, targets: Array, importance: Array, rows: NDArray[np.bool_]) -> "_Sums":
        wanted, weight = targets[rows], importance[rows]
        root = np.sqrt(weight)[:, None]
        seen = near[rows] * root
        gram = seen.T @ seen  # of one array with itself: numpy then does half the work
        return cls(gram, seen.T @ (wanted * root), seen.T @ root[:, 0], weight @ wanted, float(weight.sum()))

    def plus(self, other: "_Sums", times: float = 1.0) -> "_Sums":
        return _Sums(
            self.gram + times * other.gram,
            self.moment + times * other.moment,
            self.near + times * other.near,
            self.targets + times * other.targets,
            self.weight + times * other.weight,
        )

    def solved(self, alike: Array) -> tuple[Array, Array]:
        """Coefficients, and the mean of the targets that they start from."""
        mean = self.targets / max(self.weight, _STEADY)
        system = self.gram + PENALTY * alike
        system[np.diag_indices_from(system)] += _STEADY
        return np.asarray(solve(system, self.moment - np.outer(self.near, mean), assume_a="pos")), mean
