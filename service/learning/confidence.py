"""How sure one may be of the pool's best queue.

The pool's own probability says too little about how the voters came by it: a long message with several
subjects is missed more often than a short one of the same probability. A logistic regression (Platt 1999,
on more than one number) makes the calibrated one.
"""

from collections.abc import Sequence
from math import log1p

import numpy as np
from numpy.typing import NDArray

from service.learning.signals import log_odds

Array = NDArray[np.float64]


def confidence_numbers(pooled: Array, opinions: Sequence[Array], margins: tuple[float, ...], words: int) -> list[float]:
    """The pool's best probability and its lead, what each voter gives the best queue, the classifier's two best
    margins and their distance, the length.

    A probability tells two queues apart; a margin also tells how much the message says about either.
    """
    best = int(pooled.argmax())
    second = float(np.partition(pooled, -2)[-2])
    first, next_one = margins or (-1.0, -1.0)
    return [
        log_odds(float(pooled[best])),
        float(np.log(pooled[best]) - np.log(second + 1e-9)),
        *(float(given[best]) for given in opinions),
        first,
        next_one,
        first - next_one,
        log1p(words),
    ]


def best_two(margins: Array) -> tuple[float, float]:
    second, first = np.partition(margins, -2)[-2:]
    return float(first), float(second)


def with_confidence(pooled: Array, confidence: float) -> Array:
    """The same order, the best queue at `confidence`, the rest scaled to what is left and kept below it."""
    best = int(pooled.argmax())
    rest = pooled.copy()
    rest[best] = 0.0
    total = float(rest.sum())
    scaled = rest * ((1 - confidence) / total) if total > 0 else rest
    kept = np.minimum(scaled, confidence * 0.999)
    kept[best] = confidence
    return kept
