"""How an operation's cost grows with what is stored: cost = a · size^exponent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

DRAWS = 2_000


@dataclass(frozen=True, slots=True)
class Growth:
    """`costs`: the median of each size, in ms. `exponent` is the slope of log cost over log size, `ratio` the largest
    size's cost over the smallest's; both with their 95 % interval over the rounds."""

    sizes: tuple[int, ...]
    costs: tuple[float, ...]
    exponent: tuple[float, float, float]
    ratio: tuple[float, float, float]


def growth_of(rounds: Sequence[Mapping[int, float]]) -> Growth:
    """`rounds`: by size, what one operation cost in ms, all measured one right after the other, so that whatever else
    the machine did met them alike. Rounds are drawn anew (bootstrap), each time with the medians of what was drawn."""
    sizes = tuple(sorted(rounds[0]))
    costs = np.log([[each[size] for size in sizes] for each in rounds])
    chance = np.random.default_rng(1)
    drawn = costs[chance.integers(0, len(costs), (DRAWS, len(costs)))]
    return Growth(
        sizes,
        tuple(np.exp(np.median(costs, axis=0)).tolist()),
        _with_interval(_slope(sizes, np.median(costs, axis=0)[None])[0], _slope(sizes, np.median(drawn, axis=1))),
        _with_interval(_ratio(costs[None])[0], _ratio(drawn)),
    )


def _slope(sizes: Sequence[int], costs: Numbers) -> Numbers:
    """Least squares, one slope a row."""
    at = np.log(sizes) - np.log(sizes).mean()
    slopes: Numbers = (costs * at).sum(axis=1) / (at**2).sum()
    return slopes


def _ratio(costs: Numbers) -> Numbers:
    """The median over rounds of what the largest size cost more than the smallest in the same round."""
    ratios: Numbers = np.exp(np.median(costs[:, :, -1] - costs[:, :, 0], axis=1))
    return ratios


def _with_interval(middle: float, drawn: Numbers) -> tuple[float, float, float]:
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(middle), float(low), float(high)
