"""Charts as geometry: a template draws them as SVG, so that they print and need no script."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 760, 220
LEFT, RIGHT, TOP, BOTTOM = 58, 8, 10, 26
MOST_LABELS = 10
GAP = 0.25
"""Of a group's width, left free."""


@dataclass(frozen=True, slots=True)
class Rect:
    """`kind` is its class in the style sheet; `title` what it says when it is pointed at."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    d: str
    kind: str


@dataclass(frozen=True, slots=True)
class Label:
    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """`ticks` run up the left side, `labels` along the foot."""

    rects: tuple[Rect, ...]
    paths: tuple[Path, ...]
    ticks: tuple[Label, ...]
    labels: tuple[Label, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    foot: int = HEIGHT - BOTTOM


@dataclass(frozen=True, slots=True)
class Series:
    """One amount a group; None: there is none."""

    kind: str
    amounts: Sequence[float | None]


Written = Callable[[float], str]


def columns(names: Sequence[str], series: Sequence[Series], written: Written, line: float | None = None) -> Chart:
    """A group of columns a name. `line`: drawn across, such as a bound."""
    top = _top([amount for one in series for amount in one.amounts if amount is not None] + [line or 0])
    step = (WIDTH - LEFT - RIGHT) / max(1, len(names))
    width = step * (1 - GAP) / max(1, len(series))
    rects = []
    for place, one in enumerate(series):
        for at, amount in enumerate(one.amounts):
            if amount:
                x = LEFT + step * (at + GAP / 2) + width * place
                y = _y(amount, top)
                rects.append(Rect(x, y, max(width, 0.8), _y(0, top) - y, one.kind, f"{names[at]} : {written(amount)}"))
    across = (Path(_polyline([(LEFT, _y(line, top)), (WIDTH - RIGHT, _y(line, top))]), "bound"),) if line else ()
    return Chart(tuple(rects), across, _ticks(top, written), _labels(names, step))


def lines(
    names: Sequence[str],
    series: Sequence[Series],
    written: Written,
    band: Sequence[tuple[float, float] | None] = (),
    between: tuple[float, float] | None = None,
) -> Chart:
    """Each series as a line, broken where it has no amount. `band`: between which amounts it may lie. `between`: where
    the chart begins and ends; without it at 0, and above everything."""
    highest = [high for one in band if one for high in one]
    amounts = [amount for one in series for amount in one.amounts if amount is not None]
    low, top = between or (0.0, _top(amounts + highest))
    step = (WIDTH - LEFT - RIGHT) / max(1, len(names))

    def x(at: int) -> float:
        return LEFT + step * (at + 0.5)

    margins = tuple(
        Rect(x(at) - step / 2, _y(one[1], top, low), step, _y(one[0], top, low) - _y(one[1], top, low), "margin")
        for at, one in enumerate(band)
        if one
    )
    paths, dots = [], []
    for one in series:
        known = [(x(at), _y(amount, top, low), at) for at, amount in enumerate(one.amounts) if amount is not None]
        paths.append(Path(_polyline([(here, there) for here, there, _ in known]), one.kind))
        for here, there, at in known:
            title = f"{names[at]} : {written(one.amounts[at] or 0)}"
            dots.append(Rect(here - 2, there - 2, 4, 4, one.kind, title))
    return Chart((*margins, *dots), tuple(paths), _ticks(top, written, low), _labels(names, step))


def _y(amount: float, top: float, low: float = 0.0) -> float:
    share = (min(max(amount, low), top) - low) / (top - low)
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - share)


def _top(amounts: Sequence[float]) -> float:
    """The next 1, 2 or 5 times a power of ten."""
    highest = max(amounts, default=0)
    if highest <= 0:
        return 1
    power: float = 10 ** math.floor(math.log10(highest))
    return next(power * factor for factor in (1, 2, 5, 10) if highest <= power * factor)


def _ticks(top: float, written: Written, low: float = 0.0) -> tuple[Label, ...]:
    amounts = (low + (top - low) * part / 2 for part in range(3))
    return tuple(Label(_y(amount, top, low), written(amount)) for amount in amounts)


def _labels(names: Sequence[str], step: float) -> tuple[Label, ...]:
    every = math.ceil(len(names) / MOST_LABELS) or 1
    return tuple(Label(LEFT + step * (at + 0.5), name) for at, name in enumerate(names) if at % every == 0)


def _polyline(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{'L' if at else 'M'}{x:.1f} {y:.1f}" for at, (x, y) in enumerate(points))
