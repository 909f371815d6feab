"""`summary.json`: every figure of a run, from its predictions alone."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

import numpy as np

from evals.harness.calibration import brier, calibration_error, reliability, risk_coverage
from evals.harness.cascade import cascade_curve
from evals.harness.drafts import score_drafts
from evals.harness.predictions import Prediction
from evals.harness.scores import Score, macro_f1, score_labels, score_queues, score_retrieval, together
from service.learning.paired import mean_interval

PLACES = 4

Figures = dict[str, Any]


def summarise(predictions: Sequence[Prediction], throughput: float | None) -> Figures:
    """At least one prediction; `throughput` in messages a second. What divides by nothing is None."""
    queues = score_queues(predictions)
    secondary = together(score_labels((one.expected.secondary, one.secondary) for one in predictions).values())
    flags = score_labels((one.expected.flags, one.flags) for one in predictions)
    figures = {
        **headline(predictions),
        "macro_f1": macro_f1(queues.values()),
        **_confidence(predictions),
        "secondary_f1": secondary.f1,
        "flags": {name: _shares(score) for name, score in flags.items()},
        "retrieval": score_retrieval(predictions),
        "drafts": score_drafts(predictions),
        "redaction": _redaction(predictions),
        "per_queue": {name: {"n": score.n, **_shares(score)} for name, score in queues.items()},
        "confusions": _confusions(predictions),
        "by_difficulty": _by(predictions, lambda one: one.expected.difficulty),
        "by_channel": _by(predictions, lambda one: one.expected.channel),
        "by_language": _by(predictions, lambda one: one.expected.language),
        "by_file": {name: headline(some) for name, some in _grouped(predictions, lambda one: one.expected.group)},
        "latency_ms": _latency(predictions),
        "throughput_per_s": throughput,
        "degraded": sum(one.degraded for one in predictions),
        "engine": predictions[0].engine,
        "versions": predictions[0].versions.model_dump(),
    }
    found: Figures = rounded(figures)
    curve = [rounded(point) | {"cost_usd": point.cost_usd} for point in cascade_curve(predictions)]
    return found | {"cost_usd": _cost(predictions), "cascade": curve}


def headline(predictions: Sequence[Prediction]) -> Figures:
    """What is said of a whole run and of each group of its files."""
    correct = [float(one.correct) for one in predictions]
    routed = [one for one in predictions if one.routed]
    interval = mean_interval(correct, [one.expected.sender for one in predictions])
    return {
        "n": len(predictions),
        "accuracy": float(np.mean(correct)),
        "accuracy_ci95": [interval.low, interval.high],
        "top3_accuracy": float(np.mean([one.expected.queue in one.ranked[:3] for one in predictions])),
        "coverage": len(routed) / len(predictions),
        "routed_accuracy": float(np.mean([one.correct for one in routed])) if routed else None,
        "abstained": len(predictions) - len(routed),
        "ece": calibration_error(reliability(*_confident(predictions))),
    }


def _confident(predictions: Sequence[Prediction]) -> tuple[Any, Any]:
    confidence = np.array([one.confidence for one in predictions], dtype=np.float64)
    return confidence, np.array([one.correct for one in predictions], dtype=np.bool_)


def _confidence(predictions: Sequence[Prediction]) -> Figures:
    confidence, correct = _confident(predictions)
    curve = [asdict(point) for point in risk_coverage(confidence, correct)]
    return {"risk_coverage": curve, "brier": brier(confidence, correct)}


def _shares(score: Score) -> Figures:
    return {"precision": score.precision, "recall": score.recall, "f1": score.f1}


def _redaction(predictions: Sequence[Prediction]) -> Figures:
    counts = [one.expected.redaction for one in predictions]
    labelled, replaced = sum(one.labelled for one in counts), sum(one.replaced for one in counts)
    return {
        "recall": sum(one.found for one in counts) / labelled if labelled else None,
        "precision": sum(one.right for one in counts) / replaced if replaced and labelled else None,
        "recall_by_kind": _by_kind(one.found_by_kind for one in counts),
        "precision_by_kind": _by_kind(one.right_by_kind for one in counts) if labelled else {},
    }


def _by_kind(counts: Iterable[Mapping[str, tuple[int, int]]]) -> Figures:
    """Of pairs of a part and its whole, by kind: the whole, and the share."""
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for kinds in counts:
        for kind, (part, whole) in kinds.items():
            sums[kind][0] += part
            sums[kind][1] += whole
    return {kind: {"n": whole, "share": part / whole} for kind, (part, whole) in sorted(sums.items()) if whole}


def _confusions(predictions: Iterable[Prediction]) -> list[Figures]:
    pairs = Counter((one.expected.queue, one.guess) for one in predictions if not one.correct)
    ranked = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    return [{"queue": queue, "predicted": predicted or None, "n": n} for (queue, predicted), n in ranked]


def _grouped(predictions: Iterable[Prediction], key: Callable[[Prediction], str]) -> list[tuple[str, list[Prediction]]]:
    groups: defaultdict[str, list[Prediction]] = defaultdict(list)
    for one in predictions:
        groups[key(one)].append(one)
    return [(name, groups[name]) for name in sorted(groups) if name]


def _by(predictions: Sequence[Prediction], key: Callable[[Prediction], str]) -> Figures:
    return {
        name: {"n": len(some), "accuracy": float(np.mean([one.correct for one in some]))}
        for name, some in _grouped(predictions, key)
    }


def _latency(predictions: Sequence[Prediction]) -> Figures:
    passed = [one.duration_ms for one in predictions]
    return {f"p{percent}": float(np.percentile(passed, percent)) for percent in (50, 95, 99)}


def _cost(predictions: Iterable[Prediction]) -> float | None:
    """None where the price of any call is not known."""
    costs = [one.usage.cost_usd for one in predictions]
    known = [cost for cost in costs if cost is not None]
    return round(sum(known), 6) if len(known) == len(costs) else None


def rounded(value: Any) -> Any:
    """Every number in it to PLACES; a dataclass as its fields; None for what is not finite."""
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, float):
        return round(value, PLACES) if np.isfinite(value) else None
    if isinstance(value, dict):
        return {name: rounded(one) for name, one in value.items()}
    return [rounded(one) for one in value] if isinstance(value, list) else value
