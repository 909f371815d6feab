"""Whether one way of guessing is better than another on the same messages.

McNemar's exact test, a bootstrap over senders, and the smallest difference that would have shown: what a comparison
of two evaluation runs and the test that a refit must pass have in common.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2_000
SEED = 20_260_101
ALPHA = 0.05
POWER = 0.8
MATTERS = 0.02
"""A difference of two points matters: where the data could not have shown it, nothing is concluded."""

Floats = NDArray[np.float64]
Verdict = Literal["improved", "worse", "no difference shown", "cannot tell"]


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Paired:
    """The second way against the first: shares, not points. `won`: only the second was right; `lost`: only the first.

    `smallest` is the smallest difference that this data could have shown, `effect` the design effect of senders.
    """

    verdict: Verdict
    n: int
    won: int
    lost: int
    difference: float
    interval: Interval
    p: float
    smallest: float
    effect: float


def compare(first: Sequence[bool], second: Sequence[bool], clusters: Sequence[str]) -> Paired:
    """Which messages each way got right, in the same order, and whose they are. At least one message."""
    differences = [float(b) - float(a) for a, b in zip(first, second, strict=True)]
    won, lost = differences.count(1.0), differences.count(-1.0)
    interval = mean_interval(differences, clusters, lowest=-1.0)
    effect = design_effect(differences, clusters)
    p = mcnemar_p(won, lost)
    smallest = smallest_difference(len(differences) / effect, (won + lost) / len(differences))
    found = verdict(p, interval.low, interval.high, smallest)
    difference = sum(differences) / len(differences)
    return Paired(found, len(differences), won, lost, difference, interval, p, smallest, effect)


def verdict(p: float, low: float, high: float, smallest: float) -> Verdict:
    """Significant where test and interval agree; no difference shown only where one that matters would have been."""
    if p < ALPHA and low > 0:
        return "improved"
    if p < ALPHA and high < 0:
        return "worse"
    return "no difference shown" if smallest <= MATTERS else "cannot tell"


def mean_interval(values: Sequence[float], clusters: Sequence[str], lowest: float = 0.0) -> Interval:
    """Percentile bootstrap of the mean, whole clusters drawn with replacement (Efron and Tibshirani 1993, ch. 13;
    Field and Welsh 2007, "Bootstrapping clustered data"). Deterministic.

    Where all values are equal no resample differs; then Clopper and Pearson's (1934) exact bound over the clusters
    says how far the mean may be from what was seen. Values lie in [`lowest`, 1]; there is at least one.
    """
    sums, sizes = _by_cluster(np.asarray(values, dtype=np.float64), clusters)
    if min(values) == max(values):
        slack = 1 - (ALPHA / 2) ** (1 / len(sizes))
        return Interval(max(lowest, values[0] - slack), min(1.0, values[0] + slack))
    rng = np.random.default_rng(SEED)
    drawn = (rng.integers(len(sizes), size=len(sizes)) for _ in range(RESAMPLES))
    means = np.array([sums[rows].sum() / sizes[rows].sum() for rows in drawn])
    low, high = np.quantile(means, [ALPHA / 2, 1 - ALPHA / 2])
    return Interval(float(low), float(high))


def _by_cluster(values: Floats, clusters: Sequence[str]) -> tuple[Floats, Floats]:
    """Sum and number of the values of each cluster."""
    _, places = np.unique(np.asarray(clusters), return_inverse=True)
    sums: Floats = np.bincount(places, weights=values).astype(np.float64)
    return sums, np.bincount(places).astype(np.float64)


def mcnemar_p(won: int, lost: int) -> float:
    """Exact two-sided p-value of McNemar's test (1947): binomial over the pairs in which the runs differ."""
    from scipy.stats import binomtest  # noqa: PLC0415  only a comparison pays for scipy

    return float(binomtest(won, won + lost, 0.5).pvalue) if won + lost else 1.0


def design_effect(differences: Sequence[float], clusters: Sequence[str]) -> float:
    """By how much clusters widen the variance of the mean against independent messages (Kish 1965); at least 1."""
    values = np.asarray(differences, dtype=np.float64)
    centred = values - values.mean()
    alone = float((centred**2).sum())
    sums, _ = _by_cluster(centred, clusters)
    return max(1.0, float((sums**2).sum() / alone)) if alone else 1.0


def smallest_difference(pairs: float, discordant: float) -> float:
    """The smallest difference of two paired shares that McNemar's test shows with a power of `POWER` (Connor 1987,
    "Sample size for testing differences in proportions for the paired-sample design", Biometrics 43, 207-211).

    `pairs` is the number of messages, divided by the design effect; `discordant` the share in which the two runs
    differ as observed, or the difference itself where that is larger: fewer cannot make it. At most 1.
    """
    from scipy.optimize import brentq  # noqa: PLC0415  only a comparison pays for scipy
    from scipy.stats import norm  # noqa: PLC0415

    at_alpha, at_power = float(norm.ppf(1 - ALPHA / 2)), float(norm.ppf(POWER))

    def lacking(difference: float) -> float:
        share = max(discordant, difference)
        wanted = at_alpha * math.sqrt(share) + at_power * math.sqrt(share - difference**2)
        return (wanted / difference) ** 2 - pairs

    return float(brentq(lacking, 1e-9, 1.0)) if lacking(1.0) < 0 else 1.0
