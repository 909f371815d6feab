"""How sure a figure is: bootstrap over senders, McNemar's exact test, the smallest difference that would show."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import binomtest, norm

RESAMPLES = 2_000
SEED = 20_260_101
ALPHA = 0.05
POWER = 0.8

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float


def mean_interval(
    values: Sequence[float], clusters: Sequence[str], alpha: float = ALPHA, lowest: float = 0.0
) -> Interval:
    """Percentile bootstrap of the mean, whole clusters drawn with replacement (Efron and Tibshirani 1993, ch. 13;
    Field and Welsh 2007, "Bootstrapping clustered data"). Deterministic.

    Where all values are equal no resample differs; then Clopper and Pearson's (1934) exact bound over the clusters
    says how far the mean may be from what was seen. Values lie in [`lowest`, 1]; there is at least one.
    """
    sums, sizes = _by_cluster(np.asarray(values, dtype=np.float64), clusters)
    if min(values) == max(values):
        slack = 1 - (alpha / 2) ** (1 / len(sizes))
        return Interval(max(lowest, values[0] - slack), min(1.0, values[0] + slack))
    rng = np.random.default_rng(SEED)
    drawn = (rng.integers(len(sizes), size=len(sizes)) for _ in range(RESAMPLES))
    means = np.array([sums[rows].sum() / sizes[rows].sum() for rows in drawn])
    low, high = np.quantile(means, [alpha / 2, 1 - alpha / 2])
    return Interval(float(low), float(high))


def _by_cluster(values: Floats, clusters: Sequence[str]) -> tuple[Floats, Floats]:
    """Sum and number of the values of each cluster."""
    _, places = np.unique(np.asarray(clusters), return_inverse=True)
    sums: Floats = np.bincount(places, weights=values).astype(np.float64)
    return sums, np.bincount(places).astype(np.float64)


def mcnemar_p(won: int, lost: int) -> float:
    """Exact two-sided p-value of McNemar's test (1947): binomial over the pairs in which the runs differ."""
    return float(binomtest(won, won + lost, 0.5).pvalue) if won + lost else 1.0


def design_effect(differences: Sequence[float], clusters: Sequence[str]) -> float:
    """By how much clusters widen the variance of the mean against independent messages (Kish 1965); at least 1."""
    values = np.asarray(differences, dtype=np.float64)
    centred = values - values.mean()
    alone = float((centred**2).sum())
    sums, _ = _by_cluster(centred, clusters)
    return max(1.0, float((sums**2).sum() / alone)) if alone else 1.0


def smallest_difference(pairs: float, discordant: float, alpha: float = ALPHA, power: float = POWER) -> float:
    """The smallest difference of two paired shares that McNemar's test shows with this power (Connor 1987,
    "Sample size for testing differences in proportions for the paired-sample design", Biometrics 43, 207-211).

    `pairs` is the number of messages, divided by the design effect; `discordant` the share in which the two runs
    differ as observed, or the difference itself where that is larger: fewer cannot make it. At most 1.
    """
    at_alpha, at_power = float(norm.ppf(1 - alpha / 2)), float(norm.ppf(power))

    def lacking(difference: float) -> float:
        share = max(discordant, difference)
        wanted = at_alpha * math.sqrt(share) + at_power * math.sqrt(share - difference**2)
        return (wanted / difference) ** 2 - pairs

    return float(brentq(lacking, 1e-9, 1.0)) if lacking(1.0) < 0 else 1.0
