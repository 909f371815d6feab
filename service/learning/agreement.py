"""How far two people agree, and how often the program is right, as a sample tells: shares with their intervals."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from service.learning.paired import RESAMPLES, SEED, Interval

Z = 1.959964
"""Of a normal distribution's central 95 %."""


@dataclass(frozen=True, slots=True)
class Kappa:
    """`same`: the share of equal labels. `kappa` is None where all labels of both are one and the same: chance explains
    it all."""

    n: int
    same: float | None
    kappa: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Share:
    """`n` messages, which count for as many as `effective` drawn by themselves with equal chances."""

    n: int
    right: int
    share: float
    interval: Interval
    effective: float


def kappa(first: Sequence[str], second: Sequence[str], clusters: Sequence[str]) -> Kappa:
    """Cohen's kappa (1960, "A coefficient of agreement for nominal scales") with a percentile bootstrap that draws
    whole clusters, 2,000 times, always the same ones; a resample that chance explains wholly counts as none."""
    names = {name: at for at, name in enumerate(sorted({*first, *second}))}
    pairs = np.array([(names[a], names[b]) for a, b in zip(first, second, strict=True)], dtype=np.intp).reshape(-1, 2)
    if not len(pairs):
        return Kappa(0, None, None, None)
    found = _kappa(pairs)
    same = float((pairs[:, 0] == pairs[:, 1]).mean())
    return Kappa(len(pairs), same, found, None if found is None else _kappa_interval(pairs, clusters))


def _kappa(pairs: "np.ndarray[tuple[int, int], np.dtype[np.intp]]") -> float | None:
    size, n = int(pairs.max()) + 1, len(pairs)
    first, second = np.bincount(pairs[:, 0], minlength=size), np.bincount(pairs[:, 1], minlength=size)
    chance = float((first * second).sum()) / n**2
    same = float((pairs[:, 0] == pairs[:, 1]).mean())
    return None if chance >= 1 else (same - chance) / (1 - chance)


def _kappa_interval(pairs: "np.ndarray[tuple[int, int], np.dtype[np.intp]]", clusters: Sequence[str]) -> Interval:
    """All resamples at once: how often each cluster is drawn, by how often each label is in it."""
    _, places = np.unique(np.asarray(clusters), return_inverse=True)
    count, labels = int(places.max()) + 1, int(pairs.max()) + 1
    rng = np.random.default_rng(SEED)
    drawn = np.stack([np.bincount(rng.integers(count, size=count), minlength=count) for _ in range(RESAMPLES)])
    first, second = (drawn @ _by_cluster(places, pairs[:, reader], count, labels) for reader in (0, 1))
    n = first.sum(axis=1)
    same = drawn @ np.bincount(places, pairs[:, 0] == pairs[:, 1], minlength=count) / n
    chance = (first * second).sum(axis=1) / n**2
    known = chance < 1
    kappas = np.where(known, (same - chance) / np.where(known, 1 - chance, 1), 0.0)
    low, high = np.quantile(kappas, [0.025, 0.975])
    return Interval(float(low), float(high))


def _by_cluster(
    places: "np.ndarray[Any, np.dtype[np.intp]]", labels: "np.ndarray[Any, np.dtype[np.intp]]", count: int, size: int
) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """How often each label is in each cluster."""
    found = np.zeros((count, size))
    np.add.at(found, (places, labels), 1)
    return found


def share(right: Sequence[bool], weights: Sequence[float], clusters: Sequence[str]) -> Share | None:
    """A share over the population that the messages stand for; None of nothing.

    `weights`: how many messages of the population each stands for. The interval is Wilson's (1927, "Probable
    inference") over the effective number of messages (Kish 1965, "Survey sampling"): the square of the sum of weights
    by the sum of squares of each cluster's, as if messages of one cluster all said the same. It holds where every
    message is right; what strata win is not counted, so that it is a little too wide rather than too narrow.
    """
    if not right:
        return None
    weigh = np.asarray(weights, dtype=np.float64)
    found = float((weigh * np.asarray(right, dtype=np.float64)).sum() / weigh.sum())
    effective = _effective(weigh, clusters)
    return Share(len(right), sum(right), found, wilson(found, effective), effective)


def _effective(weigh: "np.ndarray[tuple[int], np.dtype[np.float64]]", clusters: Sequence[str]) -> float:
    _, places = np.unique(np.asarray(clusters), return_inverse=True)
    by_cluster = np.bincount(places, weights=weigh)
    return float(weigh.sum() ** 2 / (by_cluster**2).sum())


def wilson(found: float, n: float) -> Interval:
    """Wilson's 95 % interval of a share of so many, which need not be whole; at least one."""
    middle = (found + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * math.sqrt(found * (1 - found) / n + Z**2 / (4 * n**2))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def allotted(sizes: Mapping[str, int], wanted: int) -> dict[str, int]:
    """How many to draw from each stratum: by the square root of its size (power allocation, Bankier 1988), so that
    rare ones are seen too, and never more than there are. At least two of each, or one where two would be more than
    `wanted` in all: then at least as many as there are strata."""
    if sum(sizes.values()) <= wanted:
        return dict(sizes)
    least = 2 if 2 * len(sizes) <= wanted else 1
    drawn = {name: min(size, least) for name, size in sizes.items()}
    while (left := wanted - sum(drawn.values())) > 0:
        open_ = {name: math.sqrt(size) for name, size in sizes.items() if drawn[name] < size}
        total = sum(open_.values())
        # at least one more of the largest, lest rounding down ends in nothing
        first = max(open_, key=lambda name: (open_[name], name))
        for name, root in open_.items():
            more = max(int(left * root / total), int(name == first))
            drawn[name] += min(more, sizes[name] - drawn[name])
    return drawn
