"""Whether confidence can be relied on: reliability, risk against coverage, Brier score."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

BINS = 10
POINTS = 100
"""A risk-coverage curve has at most about so many points."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Bin:
    """Messages whose confidence lies in (low, high]; `confidence` and `accuracy` are their means."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """Error among the most confident messages, and the share of all that these are."""

    coverage: float
    error: float


def reliability(confidence: Floats, correct: Bools) -> list[Bin]:
    """Equally wide bins that hold a message (Niculescu-Mizil and Caruana 2005)."""
    places = np.clip(np.ceil(confidence * BINS).astype(int) - 1, 0, BINS - 1)
    return [_bin(at, confidence[places == at], correct[places == at]) for at in np.unique(places)]


def _bin(at: int, confidence: Floats, correct: Bools) -> Bin:
    return Bin(at / BINS, (at + 1) / BINS, len(correct), float(confidence.mean()), float(correct.mean()))


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error (Naeini, Cooper and Hauskrecht 2015): mean gap, weighted by messages."""
    total = sum(one.n for one in bins)
    return sum(abs(one.accuracy - one.confidence) * one.n for one in bins) / total if total else float("nan")


def brier(confidence: Floats, correct: Bools) -> float:
    """Mean squared gap of the best guess's confidence and 1 or 0 for right or wrong (Brier 1950, for that event)."""
    return float(np.mean((confidence - correct) ** 2))


def risk_coverage(confidence: Floats, correct: Bools) -> list[RiskPoint]:
    """Error by share of messages, most confident first (El-Yaniv and Wiener 2010). Equally confident messages
    come in together, since no threshold tells them apart."""
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(~correct[order])
    steps = [*(at for at, (one, after) in enumerate(pairwise(confidence[order])) if after < one), len(order) - 1]
    kept = _thinned([int(step) for step in steps])
    return [RiskPoint((at + 1) / len(order), float(wrong[at]) / (at + 1)) for at in kept]


def _thinned(steps: Sequence[int]) -> list[int]:
    if len(steps) <= POINTS:
        return list(steps)
    places = np.unique(np.linspace(0, len(steps) - 1, POINTS).round().astype(int))
    return [steps[int(at)] for at in places]
