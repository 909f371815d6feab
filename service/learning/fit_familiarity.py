"""Tells familiarity in an account's own units."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from service.domain.playbook import Playbook
from service.learning.examples import ENOUGH
from service.learning.familiarity import Familiarity, Levels, names_of, weighting

Array = NDArray[np.float64]
Rows = NDArray[np.bool_]

LEAST_SPREAD = 1e-6


def fit_familiarity(voters: Sequence[str], numbers: Array, sure: Rows, levels: Levels) -> Familiarity | None:
    """`numbers` [message, number] are the account's own messages', out of fold; those that are `sure` would be routed.
    None where too few are."""
    if sure.sum() < ENOUGH:
        return None
    weights = np.array([weighting().weights[name] for name in names_of(voters)])
    middle, spread = numbers.mean(axis=0), numbers.std(axis=0)
    spread[spread < LEAST_SPREAD] = 0.0
    scores = ((numbers - middle) / np.where(spread > 0, spread, np.inf)) @ weights
    return Familiarity(
        weights=_rounded(weights),
        middle=_rounded(middle),
        spread=_rounded(spread),
        routed=round(float(np.quantile(scores[sure], levels.routed)), 6),
        named=round(float(np.quantile(scores, levels.named)), 6),
    )


def _rounded(numbers: Array) -> tuple[float, ...]:
    return tuple(np.round(numbers, 6).tolist())


def familiar_rows(familiarity: Familiarity | None, numbers: Array, fused: Array, playbook: Playbook) -> Rows:
    """Which messages are not kept back: those that are known, and those that go where what is out of scope goes.
    `fused` is [message, queue]."""
    if familiarity is None:
        return np.ones(len(numbers), dtype=bool)
    beyond = np.array([queue.out_of_scope for queue in playbook.queues])
    known = np.array([familiarity.kinship(row) == "known" for row in numbers.tolist()], dtype=bool)
    return np.asarray(known | beyond[fused.argmax(axis=1)])
