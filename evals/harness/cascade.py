"""What it is worth to ask a model only where the local voters are not sure enough.

Told by a run that asked it about every message: what the local voters alone concluded stands beside each answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from evals.harness.predictions import Prediction

POINTS = 25
"""A curve has at most about so many."""
SETTLED = "confident"
DOUBTED = frozenset({"unsure", "disagreement"})
"""Reasons that a lower threshold would overrule; the others ask for a look whatever the confidence."""


@dataclass(frozen=True, slots=True)
class CascadePoint:
    """Messages whose local confidence is at least `threshold` are settled without a model, the others ask it for
    their queue: `share_asked`. `tokens` and `cost_usd` (None: no price known) are what these took; drafts of settled
    messages are not in it. `in_force`: as the account's own thresholds would have it."""

    threshold: float
    share_asked: float
    accuracy: float
    tokens: int
    cost_usd: float | None
    in_force: bool = False


def cascade_curve(predictions: Sequence[Prediction]) -> list[CascadePoint]:
    """From every message asked to as few as may be. Empty where no model was heard about every message that it was
    asked about, as in a `local` run, or in a `cascade`, which hears it only of the others."""
    heard = [one for one in predictions if one.local is not None]
    if not heard or any(one.engine != "model" for one in predictions):
        return []
    sure = sorted((_confidence(one) for one in heard if _may_settle(one, _least(heard))), reverse=True)
    steps = [2.0, *(low for low, lower in pairwise([*sure, -1.0]) if lower < low)]
    places = np.unique(np.linspace(0, len(steps) - 1, min(POINTS, len(steps))).round().astype(int))
    curve = [_point(predictions, steps[int(at)], _least(heard)) for at in places]
    return [*curve, _in_force(predictions, _least(heard))]


def _least(heard: Sequence[Prediction]) -> float:
    """The lowest confidence that was settled locally."""
    return min((_confidence(one) for one in heard if one.local and one.local.outcome_reason == SETTLED), default=1.0)


def _may_settle(one: Prediction, least: float) -> bool:
    """Surer than what is settled, and yet not settled: then it is not for want of confidence."""
    if one.local is None or one.local.outcome_reason == SETTLED:
        return one.local is not None
    return one.local.outcome_reason in DOUBTED and one.local.confidence < least


def _point(predictions: Sequence[Prediction], threshold: float, least: float) -> CascadePoint:
    asked = [not (_may_settle(one, least) and _confidence(one) >= threshold) for one in predictions]
    return _counted(predictions, asked, min(threshold, 1.0), in_force=False)


def _in_force(predictions: Sequence[Prediction], least: float) -> CascadePoint:
    asked = [one.local is None or one.local.outcome_reason != SETTLED for one in predictions]
    return _counted(predictions, asked, least, in_force=True)


def _counted(
    predictions: Sequence[Prediction], asked: Sequence[bool], threshold: float, *, in_force: bool
) -> CascadePoint:
    usage = [one.usage for one, model in zip(predictions, asked, strict=True) if model]
    costs = [one.cost_usd for one in usage]
    known = [cost for cost in costs if cost is not None]
    return CascadePoint(
        threshold=threshold,
        share_asked=sum(asked) / len(predictions),
        accuracy=float(np.mean(list(_right(predictions, asked)))),
        tokens=sum(one.prompt_tokens + one.completion_tokens for one in usage),
        cost_usd=round(sum(known), 6) if len(known) == len(costs) else None,
        in_force=in_force,
    )


def _right(predictions: Sequence[Prediction], asked: Sequence[bool]) -> Iterator[bool]:
    for one, model in zip(predictions, asked, strict=True):
        yield one.correct if model or one.local is None else one.local.queue == one.expected.queue


def _confidence(one: Prediction) -> float:
    return one.local.confidence if one.local else 0.0
