"""The classifier's second view: what an embedder that knows meanings says of a message.

Words tell what was said before; vectors also tell what means the same. Regularised least squares over the
likeness exp(cos - 1) of a message to at most some hundred confirmed ones, its anchors (Williams and Seeger,
"Using the Nyström method to speed up kernel machines", NIPS 2000).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
Answers = NDArray[np.bool_]

MOST_ANCHORS = 1_500
PENALTY = 0.03
"""0.01 to 0.1 measure alike."""
WIDTH = 1.0
"""How fast likeness falls with the cosine; 0.5 to 2 measure alike."""
FEWEST = 20
"""Messages below which nothing is learned from vectors."""
_STEADY = 1e-6


@dataclass(frozen=True)
class Embedded:
    """Margins [queue] of a unit vector. `anchors` is [anchor, dimension], `coefficients` [anchor, queue]."""

    anchors: Floats
    coefficients: Floats
    intercepts: Floats

    def __call__(self, vector: Floats) -> Array:
        return np.asarray(self._margins(vector[None, :])[0], dtype=np.float64)

    def fits(self, vector: Floats) -> bool:
        """Whether the vector is one of the embedder that was learned from, and no empty text's."""
        return vector.shape == self.anchors.shape[1:] and bool(vector.any())

    def _margins(self, vectors: Floats) -> Floats:
        return np.asarray(_likeness(vectors, self.anchors) @ self.coefficients + self.intercepts)


def fit_embedded(vectors: Floats, wanted: Answers, weights: Array, folds: Rows) -> tuple[Embedded, Array] | None:
    """The view, and the margins of every row by a view without its fold.

    `wanted` [row, queue] says which queue is right; `vectors` are unit vectors. None where there is too little to
    learn from.
    """
    if len(vectors) < FEWEST or not vectors.any():
        return None
    anchors = vectors[:: -(-len(vectors) // MOST_ANCHORS)]
    near = _likeness(vectors, anchors)
    targets = np.where(wanted, 1.0, -1.0)
    whole = _solved(near, targets, weights, anchors)
    held = np.zeros(wanted.shape)
    for fold in np.unique(folds):
        out = folds == fold
        coefficients, intercepts = _solved(near[~out], targets[~out], weights[~out], anchors)
        held[out] = near[out] @ coefficients + intercepts
    return Embedded(anchors.astype(np.float32), *(one.astype(np.float32) for one in whole)), held


def _solved(near: Array, targets: Array, weights: Array, anchors: Floats) -> tuple[Array, Array]:
    """Coefficients, and the weighted mean of the targets that they start from."""
    mean = (targets * weights[:, None]).sum(axis=0) / weights.sum()
    weighed = near.T * weights
    system = weighed @ near + PENALTY * _likeness(anchors, anchors)
    system[np.diag_indices_from(system)] += _STEADY
    return np.asarray(np.linalg.solve(system, weighed @ (targets - mean))), np.asarray(mean)


def _likeness(vectors: Floats, anchors: Floats) -> Array:
    return np.exp(WIDTH * ((vectors @ anchors.T).astype(np.float64) - 1))
