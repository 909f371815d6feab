"""The learning curve: how right an account was, message by message, while it learned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.harness.dataset import Labelled
from evals.harness.predictions import Prediction
from service.learning.paired import mean_interval

Floats = NDArray[np.float64]

LEVELS = (0.85, 0.925)
"""The reference case: right in its first week, and after a month of tuning."""
WEEK = timedelta(days=7)
QUARTERS = 4
POINTS = 120
"""A summary holds at most about so many points; `curve.csv` holds all."""

COLUMNS = (
    "n",
    "cumulative",
    "windowed",
    "confidence",
    "coverage",
    "routed_error",
    "baseline_cumulative",
    "baseline_windowed",
)


@dataclass(frozen=True, slots=True)
class Stream:
    """Messages in the order in which they came, what was said of each before it was learned, and whether the
    baseline was right. `week`: how many messages make a week; None goes by `received_at`."""

    messages: Sequence[Labelled]
    predictions: Sequence[Prediction]
    baseline: Sequence[bool]
    window: int
    week: int | None


def rows_of(stream: Stream) -> dict[str, Floats]:
    """A value a message for each of COLUMNS, over all messages up to it; `windowed` and `confidence` over the last
    `window` alone, NaN before there are as many; `routed_error` is NaN before anything was routed."""
    correct = np.array([one.correct for one in stream.predictions], dtype=float)
    routed = np.array([one.routed for one in stream.predictions], dtype=float)
    baseline = np.array(stream.baseline, dtype=float)
    count = np.arange(1, len(correct) + 1, dtype=float)
    with np.errstate(invalid="ignore"):
        error = np.cumsum(routed * (1 - correct)) / np.cumsum(routed)
    return {
        "n": count,
        "cumulative": np.cumsum(correct) / count,
        "windowed": windowed(correct, stream.window),
        "confidence": windowed(np.array([one.confidence for one in stream.predictions]), stream.window),
        "coverage": np.cumsum(routed) / count,
        "routed_error": error,
        "baseline_cumulative": np.cumsum(baseline) / count,
        "baseline_windowed": windowed(baseline, stream.window),
    }


def windowed(values: Floats, window: int) -> Floats:
    """Mean of the last `window` values up to each; NaN where there are fewer."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    found = np.full(len(values), np.nan)
    found[window - 1 :] = (sums[window:] - sums[:-window]) / window
    return found


def passing(values: Floats, level: float) -> dict[str, int | None]:
    """After how many messages a curve is at the level or above: `first`, and `stays` from then on to its end."""
    above = np.nan_to_num(values, nan=-1.0) >= level
    if not above.any():
        return {"first": None, "stays": None}
    below = np.flatnonzero(~above)
    stays = int(below[-1]) + 2 if len(below) else 1
    return {"first": int(above.argmax()) + 1, "stays": stays if stays <= len(values) else None}


def first_week(stream: Stream) -> dict[str, Any]:
    """Accuracy on the first `week` messages, or on those of the seven days from the first one on."""
    began = stream.messages[0].confirmed.message.received_at
    inside = [one.confirmed.message.received_at < began + WEEK for one in stream.messages]
    n = min(stream.week, len(inside)) if stream.week else sum(inside)
    right = [float(one.correct) for one in stream.predictions[:n]]
    interval = mean_interval(right, [one.expected.sender for one in stream.predictions[:n]])
    return {
        "by": "volume" if stream.week else "received_at",
        "n": n,
        "accuracy": float(np.mean(right)),
        "accuracy_ci95": [interval.low, interval.high],
        "baseline_accuracy": float(np.mean(stream.baseline[:n])),
    }


def quarters(stream: Stream) -> list[dict[str, Any]]:
    """Each kind of file apart in four even parts of the stream: what comes in may change while an account learns."""
    found = []
    for rows in np.array_split(np.arange(len(stream.predictions)), QUARTERS):
        groups = sorted({stream.messages[at].group for at in rows})
        parts = {group: [int(at) for at in rows if stream.messages[at].group == group] for group in groups}
        found.append({group: _part(stream, places) for group, places in parts.items()})
    return found


def _part(stream: Stream, places: Sequence[int]) -> dict[str, float]:
    right = [stream.predictions[at].correct for at in places]
    baseline = [stream.baseline[at] for at in places]
    return {"n": len(places), "accuracy": float(np.mean(right)), "baseline_accuracy": float(np.mean(baseline))}


def told(stream: Stream, refits: Sequence[int]) -> dict[str, Any]:
    """What the summary says about the curve."""
    rows = rows_of(stream)
    shown = np.unique(np.linspace(0, len(rows["n"]) - 1, POINTS).round().astype(int))
    return {
        "window": stream.window,
        "refits": list(refits),
        "first_week": first_week(stream),
        "passes": {
            f"{level:g}": {
                "product": passing(rows["windowed"], level),
                "baseline": passing(rows["baseline_windowed"], level),
            }
            for level in LEVELS
        },
        "baseline_accuracy": float(np.mean(stream.baseline)),
        "quarters": quarters(stream),
        "points": [{name: float(rows[name][at]) for name in COLUMNS} for at in shown],
    }


def as_csv(stream: Stream) -> str:
    """A line a message, in order."""
    rows = rows_of(stream)
    lines = [",".join(("external_id", "received_at", "correct", "baseline_correct", *COLUMNS))]
    for at, (one, said) in enumerate(zip(stream.messages, stream.predictions, strict=True)):
        values = ("" if np.isnan(rows[name][at]) else f"{rows[name][at]:.6g}" for name in COLUMNS)
        when = one.confirmed.message.received_at.isoformat()
        lines.append(",".join((_field(one.id), when, str(int(said.correct)), str(int(stream.baseline[at])), *values)))
    return "\n".join(lines) + "\n"


def _field(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n') else text
