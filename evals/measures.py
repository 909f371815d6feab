"""Figures of merit over decisions and what a person confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 10


@dataclass(frozen=True)
class Prediction:
    """What was said about one message, and what is right. `ranked` is best first."""

    right: str
    ranked: Sequence[str]
    confidence: float
    routed: bool
    secondary: frozenset[str] = frozenset()
    right_secondary: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    right_flags: frozenset[str] = frozenset()

    @property
    def correct(self) -> bool:
        return bool(self.ranked) and self.ranked[0] == self.right


def measure(predictions: Sequence[Prediction]) -> Mapping[str, float]:
    """Accuracy counts abstained messages by their best guess; `routed_accuracy` is nan where none is routed."""
    correct = np.array([one.correct for one in predictions])
    routed = np.array([one.routed for one in predictions])
    confidence = np.array([one.confidence for one in predictions])
    return {
        "n": len(predictions),
        "accuracy": float(correct.mean()),
        "top3": float(np.mean([one.right in one.ranked[:3] for one in predictions])),
        "ece": expected_calibration_error(confidence, correct),
        "coverage": float(routed.mean()),
        "routed_accuracy": float(correct[routed].mean()) if routed.any() else float("nan"),
        "secondary_f1": micro_f1([(one.secondary, one.right_secondary) for one in predictions]),
        "flags_f1": micro_f1([(one.flags, one.right_flags) for one in predictions]),
    }


def risk_at(predictions: Sequence[Prediction], shares: Sequence[float]) -> list[float]:
    """Share of wrong ones among the surest `shares` of the predictions, at least one of them."""
    surest = sorted(predictions, key=lambda one: -one.confidence)
    taken = [surest[: max(1, int(share * len(surest)))] for share in shares]
    return [1 - sum(one.correct for one in some) / len(some) for some in taken]


def expected_calibration_error(confidence: NDArray[np.float64], correct: NDArray[np.bool_]) -> float:
    """Mean gap between confidence and accuracy over ten equal-width bins, weighted by their messages."""
    bins = np.clip(np.ceil(confidence * BINS).astype(int) - 1, 0, BINS - 1)
    gaps = [
        abs(float(correct[bins == at].mean() - confidence[bins == at].mean())) * float((bins == at).mean())
        for at in np.unique(bins)
    ]
    return float(sum(gaps))


def calibration_noise(confidence: NDArray[np.float64]) -> float:
    """The expected calibration error that so many messages would show by chance, were these confidences exactly
    right: the mean over simulated outcomes (Bröcker and Smith, "Increasing the reliability of reliability
    diagrams", 2007)."""
    random = np.random.default_rng(0)
    errors = [expected_calibration_error(confidence, random.random(len(confidence)) < confidence) for _ in range(200)]
    return float(np.mean(errors))


def micro_f1(pairs: Sequence[tuple[frozenset[str], frozenset[str]]]) -> float:
    """F1 over all (message, label) pairs; nan where nothing is said and nothing is right."""
    hits = sum(len(said & right) for said, right in pairs)
    total = sum(len(said) + len(right) for said, right in pairs)
    return 2 * hits / total if total else float("nan")


def auroc(positive: NDArray[np.float64], negative: NDArray[np.float64]) -> float:
    """How often one of the positives scores above one of the negatives, ties by half (Mann and Whitney 1947)."""
    from scipy.stats import rankdata  # noqa: PLC0415  heavy, and only evals need it

    ranks = rankdata(np.concatenate([positive, negative]))[: len(positive)]
    pairs = len(positive) * len(negative)
    return float((ranks.sum() - len(positive) * (len(positive) + 1) / 2) / pairs) if pairs else float("nan")
