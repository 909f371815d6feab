"""Whether what was routed alone is wrong no more often than the account accepts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evals.harness.predictions import Prediction
from service.domain.playbook import Playbook
from service.learning.paired import mean_interval


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


@dataclass(frozen=True, slots=True)
class Missed:
    """Messages of a queue that must not be missed, and how many were routed elsewhere without an advisor."""

    n: int
    missed: int
    share: float | None
    accepted: float


def missed_of(predictions: Sequence[Prediction], playbook: Playbook) -> dict[str, Missed]:
    found = {}
    for queue in (one.id for one in playbook.queues if one.must_not_miss):
        own = [one for one in predictions if one.expected.queue == queue]
        missed = sum(one.routed and not one.correct for one in own)
        found[queue] = Missed(len(own), missed, missed / len(own) if own else None, playbook.thresholds.missed)
    return found
