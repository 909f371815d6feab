"""Fits the opinion pool on votes about messages that no voter had learned from."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from service.learning.pool import Pool, centred, softmax

Array = NDArray[np.float64]
Labels = NDArray[np.int64]

STRENGTH = 2.0
"""Weight of the prior, in messages: how many it takes to move the weights well away from it."""
CORRECTION_STRENGTH = 40.0
"""Ridge penalty of the corrections: 30 to 60 measure alike, less overfits."""
MOST_CORRECTED = 40
"""Queues above which pairs are too many to learn anything about."""
FEWEST_A_QUEUE = 40
"""Messages a queue, on average, below which there are no corrections."""
MOST_ROWS = 16_000
"""Messages that corrections are learned from; a second of processor time. From a quarter of them, an account without
history is right now on these, now on those: which ones were left out turned one message in 25."""


def fit_pool(opinions: Sequence[Array], labels: Labels, importance: Array, prior: Sequence[float]) -> Pool:
    """Shared weights first, then small corrections where the history is large enough for them."""
    weights = fit_weights(opinions, labels, importance, prior)
    count = opinions[0].shape[-1]
    if count > MOST_CORRECTED or len(labels) < FEWEST_A_QUEUE * count:
        return Pool(weights)
    step = -(-len(labels) // MOST_ROWS)
    return _corrected(Pool(weights), [given[::step] for given in opinions], labels[::step], importance[::step])


def fit_weights(
    opinions: Sequence[Array], labels: Labels, importance: Array, prior: Sequence[float]
) -> tuple[float, ...]:
    """The weights that make the labels likeliest, none below zero; `prior` where there is nothing to learn from."""
    from scipy.optimize import minimize  # noqa: PLC0415  only fitting pays for scipy

    if not len(labels):
        return tuple(prior)
    given = np.stack(opinions, axis=-1)
    start = np.asarray(prior, dtype=np.float64)
    right = given[np.arange(len(labels)), labels]

    def loss(weights: Array) -> tuple[float, Array]:
        said, unlikely = _likelihood(given @ weights, labels)
        slope = (np.einsum("nq,nqk->nk", said, given) - right) * importance[:, None]
        off = weights - start
        return float(unlikely @ importance + STRENGTH * off @ off), slope.sum(axis=0) + 2 * STRENGTH * off

    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * len(start))
    return tuple(float(round(weight, 6)) for weight in found.x)


def _corrected(pool: Pool, opinions: Sequence[Array], labels: Labels, importance: Array) -> Pool:
    """A multinomial logistic regression on top of the pool's scores, drawn towards changing nothing."""
    from scipy.optimize import minimize  # noqa: PLC0415

    count = opinions[0].shape[-1]
    given = np.concatenate([centred(opinions), np.ones((len(labels), 1))], axis=1)
    scores = np.asarray(sum(weight * one for weight, one in zip(pool.weights, opinions, strict=True)))
    right = np.eye(count)[labels]

    def loss(flat: Array) -> tuple[float, Array]:
        said, unlikely = _likelihood(scores + given @ flat.reshape(-1, count), labels)
        slope = given.T @ ((said - right) * importance[:, None])
        penalty = CORRECTION_STRENGTH * float(flat @ flat)
        return float(unlikely @ importance) + penalty, slope.ravel() + 2 * CORRECTION_STRENGTH * flat

    start = np.zeros(given.shape[1] * count)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 40}).x.reshape(-1, count)
    return Pool(pool.weights, np.round(found[:-1], 5), np.round(found[-1], 5))


def _likelihood(scores: Array, labels: Labels) -> tuple[Array, Array]:
    """Probabilities, and the negative log-likelihood of each label."""
    said = softmax(scores)
    return said, -np.log(said[np.arange(len(labels)), labels] + 1e-12)
