"""Yes-or-no questions beside the queue: is this flag up, is this queue asked for as well?"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FEWEST = 5
"""Positive examples below which nothing is learned and the prior stands."""
LEVEL = 0.1
"""Inverse strength of regularisation of numbers on one scale; 1 fits the history better and new messages worse."""


@dataclass(frozen=True, slots=True)
class Signal:
    """A logistic regression over a few numbers, with the probability from which the answer is yes."""

    weights: tuple[float, ...]
    bias: float
    threshold: float

    def __call__(self, given: Sequence[float]) -> float:
        score = self.bias + sum(weight * value for weight, value in zip(self.weights, given, strict=True))
        return 1 / (1 + exp(-max(-30.0, min(30.0, score))))

    def of_each(self, given: Array) -> Array:
        """The same for each row of [row, number]."""
        scores = self.bias + given @ np.array(self.weights)
        return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30.0, 30.0))))


def fit_signal(given: Array, yes: NDArray[np.bool_], prior: Signal, beta: float = 1.0) -> Signal:
    """`given` is [example, number], made out of fold. The threshold is where F-beta is expected to be best: `beta`
    above 1 is for what is worse to miss than to say too often (van Rijsbergen, Information Retrieval, 1979)."""
    fitted = fit_logistic(given, yes)
    if fitted is None:
        return prior
    return Signal(fitted.weights, fitted.bias, best_threshold(fitted.of_each(given), beta))


def fit_logistic(given: Array, yes: NDArray[np.bool_], strength: float = 1.0) -> Signal | None:
    """The plain regression, with 0.5 for a threshold; None where either answer is too rare to learn from."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  only fitting pays for scikit-learn

    if min(yes.sum(), len(yes) - yes.sum()) < FEWEST:
        return None
    model = LogisticRegression(C=strength, max_iter=1000).fit(given, yes)
    weights = tuple(round(float(weight), 6) for weight in model.coef_[0])
    return Signal(weights, round(float(model.intercept_[0]), 6), 0.5)


def fit_level(given: Array, yes: NDArray[np.bool_]) -> Signal | None:
    """As `fit_logistic`, the numbers brought to one scale first: of many that say nearly the same, none runs away."""
    if not len(yes):
        return None
    middle, spread = given.mean(axis=0), given.std(axis=0) + 1e-9
    fitted = fit_logistic((given - middle) / spread, yes, LEVEL)
    if fitted is None:
        return None
    weights = np.array(fitted.weights) / spread
    return Signal(tuple(np.round(weights, 6).tolist()), round(fitted.bias - float(weights @ middle), 6), 0.5)


def best_threshold(probability: Array, beta: float = 1.0) -> float:
    """The threshold of the best F-beta that these probabilities promise, halfway to the next lower one.

    What they promise, not what was seen: where yes is rare, the best of what was seen is the luck of a few examples
    (Ye, Chai, Lee and Chieu, "Optimizing F-measures: a tale of two approaches", ICML 2012).
    """
    order = np.argsort(-probability, kind="stable")
    hits = np.cumsum(probability[order])
    merit = hits / (np.arange(1, len(order) + 1) + beta**2 * probability.sum())
    best = int(np.argmax(merit))
    following = probability[order[best + 1]] if best + 1 < len(order) else 0.0
    return round(float((probability[order[best]] + following) / 2), 6)


def log_odds(probability: float) -> float:
    kept = min(max(probability, 1e-4), 1 - 1e-4)
    return log(kept / (1 - kept))


def log_odds_of_each(probabilities: Array) -> Array:
    kept = np.clip(probabilities, 1e-4, 1 - 1e-4)
    return np.asarray(np.log(kept / (1 - kept)))
