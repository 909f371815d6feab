"""From which confidence on a message may be routed without an advisor.

Fixed-sequence testing of thresholds with an exact binomial bound, from the strictest down: Angelopoulos,
Bates, Candès, Jordan and Lei, "Learn then Test: Calibrating Predictive Algorithms to Achieve Risk
Control" (2021), the bound by Clopper and Pearson (1934). As long as the confirmed messages resemble those
to come, the error among routed messages is at most `accepted_error` with probability `certainty`. So only
messages that came as mail comes may be shown to it (`Playbook.history.ordinary`).

What is rarer than ordinary mail comes too, and is wrong more often. So of all confirmed messages together the error
must be accepted as well, if only on average: `least_for_all`, after Angelopoulos, Bates, Fisch, Lei and Schuster,
"Conformal risk control" (2022).
"""

from dataclasses import dataclass
from math import ceil, floor, log

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Rows = NDArray[np.bool_]

GRID = 1 / (1 + np.exp(-np.arange(8.0, 0.0, -0.05)))
"""Thresholds that are tried, strictest first: even steps of log-odds, since confidences crowd near 1."""
CAUTION = 0.95
"""Threshold where the data support nothing, or a stricter one of the playbook."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """`promised`: the data support it with the certainty asked for. `routed`: the share of confirmed messages at
    or above it; `error`: the share of wrong ones among these."""

    value: float
    promised: bool
    routed: float = 0.0
    error: float = 0.0


def choose_threshold(confidence: Array, right: Rows, accepted: float, certainty: float, least: float) -> Threshold:
    """The lowest threshold of an unbroken descent whose error is bounded by `accepted`, and none below `least`: a
    promise is about all that is routed, and what hardly anybody would route alone must not hide among the sure.

    Where there is none, the lowest at which the error that was seen is accepted: a good guess, not a promise.
    The descent starts where as many messages are routed as a bound needs that allows one error: a single one
    among the very first would end it otherwise. That place hangs on the confidences alone, never on what was right.
    """
    wrong_at = [
        (float(at), int((confidence >= at).sum()), int((~right[confidence >= at]).sum())) for at in GRID if at >= least
    ]
    fewest, enough = (fewest_for(wrong, accepted, certainty) for wrong in (0, 1))
    chosen = None
    for threshold, count, wrong in wrong_at:
        if count < enough:
            continue
        if error_bound(wrong, count, certainty) > accepted:
            break
        chosen = threshold
    likely = [threshold for threshold, count, wrong in wrong_at if count >= fewest and wrong <= accepted * count]
    value = chosen or (likely[-1] if likely else max(least, CAUTION))
    value = _floored(value)
    routed = confidence >= value
    error = float((~right[routed]).mean()) if routed.any() else 0.0
    return Threshold(value, chosen is not None, round(float(routed.mean()), 4), round(error, 4))


def least_for_all(confidence: Array, right: Rows, accepted: float, least: float) -> float:
    """The lowest threshold, none below `least`, at which one more message that is routed wrongly would still be
    accepted; a cautious one where there is none.

    The one more is the next message, taken to be wrong: conformal risk control. For a share that never falls as the
    threshold does, the promise then holds on average over histories. The share of wrong ones among those routed may
    fall, so that here it holds nearly: of made histories of 1,000 messages just so, of 150 to 300 up to a sixth more
    than accepted goes wrong.
    """
    tried = ((float(at), confidence >= at) for at in GRID if at >= least)
    kept = [at for at, routed in tried if (~right[routed]).sum() + 1 <= accepted * (routed.sum() + 1)]
    return _floored(kept[-1] if kept else max(least, CAUTION))


def _floored(threshold: float) -> float:
    """To four digits, so that what it was chosen on is still at or above it."""
    return floor(10_000 * threshold) / 10_000


def fewest_for(wrong: int, accepted: float, certainty: float) -> int:
    """How many messages it takes for so many errors to be within the bound."""
    count = wrong + ceil(log(1 - certainty) / log(1 - accepted))
    while error_bound(wrong, count, certainty) > accepted:
        count += 1
    return count


def error_bound(wrong: int, count: int, certainty: float) -> float:
    """Upper Clopper-Pearson bound of an error rate after `wrong` errors in `count`."""
    from scipy.special import betaincinv  # noqa: PLC0415  only fitting pays for scipy

    return 1.0 if wrong >= count else float(betaincinv(wrong + 1, count - wrong, certainty))
