"""Does a series grow? Its slope, with an interval that minds that a minute resembles the one before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.stats import theilslopes

Numbers = npt.NDArray[np.float64]
Verdict = Literal["steady", "grows", "cannot tell"]

BLOCK = 5
"""Minutes that are drawn together: what is left beside the line hangs together about so long."""
DRAWS = 400


@dataclass(frozen=True, slots=True)
class Slope:
    """In the series' unit by the unit of time, with its 95 % interval."""

    middle: float
    low: float
    high: float

    def verdict(self, bearable: float) -> Verdict:
        """`bearable`: what an hour may bring and nobody would mind."""
        if self.high <= bearable:
            return "steady"
        return "grows" if self.low > 0 else "cannot tell"


def slope_of(times: Sequence[float], values: Sequence[float], seed: int = 1) -> Slope:
    """The median of the slopes between any two points (Theil 1950, Sen 1968), which single jumps do not move; its
    interval by drawing the residuals anew in blocks (Künsch 1989), since neighbours in time are not independent.

    Raises ValueError with fewer than two blocks."""
    at, found = np.asarray(times, float), np.asarray(values, float)
    if len(at) < 2 * BLOCK:
        raise ValueError(f"{len(at)} points are too few for a slope with an interval")
    middle, start = theilslopes(found, at)[:2]
    line = start + middle * at
    left, chance = found - line, np.random.default_rng(seed)
    drawn = [theilslopes(line + _in_blocks(left, chance), at)[0] for _ in range(DRAWS)]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Slope(float(middle), float(low), float(high))


def _in_blocks(left: Numbers, chance: np.random.Generator) -> Numbers:
    """As many residuals, in blocks that start anywhere and run on from the end to the start."""
    starts = chance.integers(0, len(left), -(-len(left) // BLOCK))
    places = (starts[:, None] + np.arange(BLOCK)).ravel()[: len(left)]
    drawn: Numbers = left[places % len(left)]
    return drawn
