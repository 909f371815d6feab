"""From which confidence on a message may be routed without an advisor.

Fixed-sequence testing of thresholds with an exact binomial bound, from the strictest down: Angelopoulos,
Bates, Candès, Jordan and Lei, "Learn then Test: Calibrating Predictive Algorithms to Achieve Risk
Control" (2021), the bound by Clopper and Pearson (1934). As long as the confirmed messages resemble those
to come, the error among routed messages is at most `accepted_error` with probability `certainty`.
"""

from dataclasses import dataclass
from math import ceil, log

import numpy as np
from numpy.typing import NDArray

STEP = 0.005
CAUTION = 0.95
"""Threshold where the data cannot support the promise, or a stricter one of the playbook."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """`promised`: the data support it. `routed`: the share of confirmed messages at or above it."""

    value: float
    promised: bool
    routed: float = 0.0


def choose_threshold(
    confidence: NDArray[np.float64], right: NDArray[np.bool_], accepted: float, certainty: float, otherwise: float
) -> Threshold:
    """The lowest threshold of an unbroken descent whose error is bounded by `accepted`.

    The descent starts where enough messages are routed for a bound to be possible at all; that place hangs
    on the confidences alone, never on what was right.
    """
    fewest = ceil(log(1 - certainty) / log(1 - accepted))
    chosen = None
    for threshold in np.arange(1.0, 0.0, -STEP):
        routed = confidence >= threshold
        count = int(routed.sum())
        if count < fewest:
            continue
        if error_bound(count - int(right[routed].sum()), count, certainty) > accepted:
            break
        chosen = float(threshold)
    value = max(otherwise, CAUTION) if chosen is None else round(chosen, 4)
    return Threshold(value, promised=chosen is not None, routed=round(float((confidence >= value).mean()), 4))


def error_bound(wrong: int, count: int, certainty: float) -> float:
    """Upper Clopper-Pearson bound of an error rate after `wrong` errors in `count`."""
    from scipy.stats import beta  # noqa: PLC0415  only fitting pays for scipy

    return 1.0 if wrong >= count else float(beta.ppf(certainty, wrong + 1, count - wrong))
