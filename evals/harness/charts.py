"""Where the marks of the report's two charts stand, in units of their SVG."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.harness.calibration import Bin

WIDTH, HEIGHT = 420.0, 260.0
LEFT, TOP, RIGHT, BOTTOM = 46.0, 12.0, 408.0, 222.0
STEPS = (0.02, 0.04, 0.06, 0.08, 0.12, 0.16, 0.2, 0.24, 0.32, 0.4, 0.6, 0.8, 1.0)
"""Heights of the risk chart: a quarter of each is a round number."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A label of an axis: its place, and the share it stands for."""

    at: float
    share: float


@dataclass(frozen=True, slots=True)
class RiskChart:
    line: str
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    promise: float | None
    coverage: float
    error: float | None


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    said: float
    bin: Bin


def risk_chart(summary: dict[str, Any], accepted: float) -> RiskChart:
    """The curve, the accepted error, and the point where the account operates."""
    points = summary["risk_coverage"]
    error = None if summary["routed_accuracy"] is None else 1 - summary["routed_accuracy"]
    top = _roof([*(point["error"] for point in points), accepted, error or 0.0])
    line = " ".join(f"{_x(point['coverage']):.1f},{_y(point['error'], top):.1f}" for point in points)
    rows = tuple(Tick(_y(top * part / 4, top), top * part / 4) for part in range(5))
    return RiskChart(
        line=line,
        rows=rows,
        columns=_columns(),
        promise=_y(accepted, top),
        coverage=_x(summary["coverage"]),
        error=None if error is None else _y(error, top),
    )


def reliability_chart(bins: Sequence[Bin]) -> tuple[Bar, ...]:
    """A bar from 0 to the accuracy of each bin; `said` is the place of its mean confidence."""
    return tuple(
        Bar(
            x=_x(one.low) + 2,
            y=_y(one.accuracy, 1.0),
            width=_x(one.high) - _x(one.low) - 4,
            height=BOTTOM - _y(one.accuracy, 1.0),
            said=_y(one.confidence, 1.0),
            bin=one,
        )
        for one in bins
    )


@dataclass(frozen=True, slots=True)
class CurveChart:
    """Lines over the messages so far; `levels` are the accuracies that the curve should pass."""

    product: str
    cumulative: str
    baseline: str
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    levels: tuple[Tick, ...]


def curve_chart(stream: Mapping[str, Any]) -> CurveChart:
    """A stream's learning curve. A column's `share` is a number of messages."""
    points, levels = stream["points"], [float(level) for level in stream["passes"]]
    most = points[-1]["n"]

    def line(name: str) -> str:
        known = [point for point in points if point[name] is not None]
        return " ".join(f"{_x(point['n'] / most):.1f},{_y(point[name], 1.0):.1f}" for point in known)

    return CurveChart(
        product=line("windowed"),
        cumulative=line("cumulative"),
        baseline=line("baseline_windowed"),
        rows=fifths()[0],
        columns=tuple(Tick(_x(part / 5), round(most * part / 5)) for part in range(6)),
        levels=tuple(Tick(_y(level, 1.0), level) for level in levels),
    )


def fifths() -> tuple[tuple[Tick, ...], tuple[Tick, ...]]:
    """Rows and columns of a chart from 0 to 1 both ways."""
    return tuple(Tick(_y(part / 5, 1.0), part / 5) for part in range(6)), _columns()


def _columns() -> tuple[Tick, ...]:
    return tuple(Tick(_x(part / 5), part / 5) for part in range(6))


def _roof(errors: Iterable[float]) -> float:
    highest = max(errors)
    return next((step for step in STEPS if step >= highest), 1.0)


def _x(share: float) -> float:
    return LEFT + share * (RIGHT - LEFT)


def _y(value: float, top: float) -> float:
    return BOTTOM - value / top * (BOTTOM - TOP)
