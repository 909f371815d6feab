"""Whether what was routed alone is wrong no more often than the account accepts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evals.harness.intervals import mean_interval
from evals.harness.predictions import Prediction


@dataclass(frozen=True, slots=True)
class Promise:
    """Share of wrong messages among those routed, and what that says about the error that the account accepts."""

    accepted: float
    error: float
    low: float
    high: float
    verdict: Literal["held", "unsure", "broken"]


def promise_of(predictions: Sequence[Prediction], accepted: float) -> Promise | None:
    """Broken only where the whole interval is above what is accepted; None where nothing was routed."""
    routed = [one for one in predictions if one.routed]
    if not routed:
        return None
    wrong = [float(not one.correct) for one in routed]
    error, interval = sum(wrong) / len(wrong), mean_interval(wrong, [one.expected.sender for one in routed])
    verdict: Literal["held", "unsure", "broken"] = "broken" if interval.low > accepted else "unsure"
    return Promise(accepted, error, interval.low, interval.high, "held" if error <= accepted else verdict)
