"""Several opinions made one calibrated probability a queue.

A logarithmic opinion pool (Genest and Zidek, "Combining probability distributions", Statistical
Science 1986): each queue's score is a weighted sum of the voters' log-probabilities, the softmax of the
scores is the probability. The few weights, shared by all queues, are fitted by maximum likelihood on
out-of-fold votes (McFadden's conditional logit, 1974), which calibrates them: with one voter this is
temperature scaling (Guo et al., ICML 2017). A voter that says nothing adds the same to every queue, and so
nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.learning.views import ANYWHERE, ASKED, KINDRED, OPENING

Array = NDArray[np.float64]

VOTERS = ("keywords", "classifier", "neighbours")
"""The local voters, in the order of their weights."""
VIEWS = {
    "keywords": ("keywords",),
    "classifier": ("classifier", OPENING, ANYWHERE, ASKED, KINDRED),
    "neighbours": ("neighbours",),
}
"""Opinions of each voter, weighed apart: its scores, and other views that its vote holds."""
PRIOR = {"keywords": 0.6, "classifier": 0.6, OPENING: 0.05, ANYWHERE: 0.1, ASKED: 0.1, KINDRED: 0.3, "neighbours": 0.25}
"""Their weights before there is any history: about two thirds of what histories earn, so that confidence stays
below accuracy until it is measured."""
FLOOR = 0.01
"""Added to each probability before its logarithm: no voter may rule a queue out on its own."""


def views_of(voters: Iterable[str]) -> tuple[str, ...]:
    return tuple(view for voter in voters for view in VIEWS[voter])


def opinion(probabilities: Array) -> Array:
    """Log-probabilities [..., queue], kept finite. What probabilities lack to 1 is doubt, and falls to all alike."""
    doubt = np.clip(1 - probabilities.sum(axis=-1, keepdims=True), 0, 1)
    return np.asarray(np.log(probabilities + doubt / probabilities.shape[-1] + FLOOR))


@dataclass(frozen=True)
class Pool:
    """Weights of the voters in order. `corrections` [voter x queue, queue] and `bias` [queue], where there are
    any, add what history says about pairs of queues: which one is right where voters see both."""

    weights: tuple[float, ...]
    corrections: Array | None = None
    bias: Array | None = None

    def __call__(self, opinions: Sequence[Array]) -> Array:
        """Probabilities [..., queue] of opinions [..., queue], one a voter."""
        scores = np.asarray(sum(weight * given for weight, given in zip(self.weights, opinions, strict=True)))
        if self.corrections is not None and self.bias is not None:
            scores = scores + centred(opinions) @ self.corrections + self.bias
        return softmax(scores)


def centred(opinions: Sequence[Array]) -> Array:
    """All voters' opinions side by side, each about its mean: [..., voter x queue]."""
    return np.concatenate([given - given.mean(axis=-1, keepdims=True) for given in opinions], axis=-1)


def softmax(scores: Array) -> Array:
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))
