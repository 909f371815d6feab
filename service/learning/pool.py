"""Several opinions made one calibrated probability a queue.

A logarithmic opinion pool (Genest and Zidek, "Combining probability distributions", Statistical
Science 1986): each queue's score is a weighted sum of the voters' log-probabilities, the softmax of the
scores is the probability. The few weights, shared by all queues, are fitted by maximum likelihood on
out-of-fold votes (McFadden's conditional logit, 1974), which calibrates them: with one voter this is
temperature scaling (Guo et al., ICML 2017). A voter that says nothing adds the same to every queue, and so
nothing.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

VOTERS = ("keywords", "classifier", "neighbours")
"""The local voters, in the order of their weights."""
PRIOR = {"keywords": 0.5, "classifier": 1.0, "neighbours": 0.3}
"""Their weights before there is any history."""
FLOOR = 0.01
"""Added to each probability before its logarithm: no voter may rule a queue out on its own."""
STRENGTH = 2.0
"""Weight of the prior, in messages: how many it takes to move the weights well away from it."""


def opinion(probabilities: Array) -> Array:
    """Log-probabilities [..., queue], kept finite. What probabilities lack to 1 is doubt, and falls to all alike."""
    doubt = np.clip(1 - probabilities.sum(axis=-1, keepdims=True), 0, 1)
    return np.asarray(np.log(probabilities + doubt / probabilities.shape[-1] + FLOOR))


def pooled(opinions: Sequence[Array], weights: Sequence[float]) -> Array:
    """Probabilities [..., queue] of opinions [..., queue]."""
    scores = sum(weight * given for weight, given in zip(weights, opinions, strict=True))
    return softmax(np.asarray(scores, dtype=np.float64))


def softmax(scores: Array) -> Array:
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def fit_weights(
    opinions: Sequence[Array], labels: NDArray[np.int64], importance: Array, prior: Sequence[float]
) -> tuple[float, ...]:
    """The weights that make the labels likeliest, none below zero; `prior` where there is nothing to learn from."""
    from scipy.optimize import minimize  # noqa: PLC0415  only fitting pays for scipy

    if not len(labels):
        return tuple(prior)
    given = np.stack(opinions, axis=-1)
    start = np.asarray(prior, dtype=np.float64)
    right = given[np.arange(len(labels)), labels]

    def loss(weights: Array) -> tuple[float, Array]:
        scores = given @ weights
        top = scores.max(axis=1, keepdims=True)
        raised = np.exp(scores - top)
        total = raised.sum(axis=1, keepdims=True)
        unlikely = (np.log(total[:, 0]) + top[:, 0] - right @ weights) * importance
        slope = (np.einsum("nq,nqk->nk", raised / total, given) - right) * importance[:, None]
        off = weights - start
        return float(unlikely.sum() + STRENGTH * off @ off), slope.sum(axis=0) + 2 * STRENGTH * off

    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * len(start))
    return tuple(float(round(weight, 6)) for weight in found.x)
