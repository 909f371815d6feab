"""Costs over sizes, both on logarithmic scales, as an SVG file that needs nothing else."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from evals.bench.growth.exponents import Growth

WIDTH, HIGH = 860, 380
LEFT, RIGHT, TOP, BOTTOM = 88, 410, 46, 48
COLOURS = ("#1f5fa8", "#c2410c", "#15803d", "#7e22ce", "#a16207", "#0e7490", "#be185d", "#4b5563", "#65a30d", "#991b1b")
EDGE = WIDTH - RIGHT
LEAST_GAP = 17
"""Pixels between two names."""


def chart(panels: Mapping[str, Mapping[str, Growth]]) -> str:
    """One panel below the other: by what its sizes count, processor time by operation."""
    drawn = "".join(
        f'<g transform="translate(0 {HIGH * at})">{"".join(_panel(across, series))}</g>'
        for at, (across, series) in enumerate(panels.items())
    )
    high = HIGH * len(panels)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {high}" width="{WIDTH}" height="{high}" '
        f'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>{drawn}</svg>\n'
    )


@dataclass(frozen=True, slots=True)
class Plane:
    """Where a size and a cost stand in a panel, in pixels. `powers` of ten, in ms, are its lowest and highest line."""

    sizes: tuple[int, ...]
    powers: tuple[int, int]

    def x(self, size: float) -> float:
        first, last = math.log10(self.sizes[0]), math.log10(self.sizes[-1])
        return round(LEFT + (EDGE - LEFT) * (math.log10(size) - first) / (last - first), 1)

    def y(self, cost: float) -> float:
        low, top = self.powers
        return round(HIGH - BOTTOM - (HIGH - TOP - BOTTOM) * (math.log10(cost) - low) / (top - low), 1)


def _panel(across: str, series: Mapping[str, Growth]) -> Iterator[str]:
    costs = [math.log10(cost) for one in series.values() for cost in one.costs]
    sizes = tuple(sorted({size for one in series.values() for size in one.sizes}))
    plane = Plane(sizes, (math.floor(min(costs)), math.ceil(max(costs))))
    yield f'<text x="{LEFT}" y="24" font-size="14" font-weight="bold">Processor time of one operation</text>'
    yield from _scale(plane, across)
    yield from _lines(plane, series)


def _scale(plane: Plane, across: str) -> Iterator[str]:
    low, top = plane.powers
    for power in range(low, top + 1):
        at = plane.y(10**power)
        yield f'<path d="M{LEFT} {at}H{EDGE}" stroke="#ddd"/>'
        yield f'<text x="{LEFT - 8}" y="{at + 4}" text-anchor="end">{10**power:,g} ms</text>'
    for size in plane.sizes:
        yield f'<text x="{plane.x(size)}" y="{HIGH - BOTTOM + 18}" text-anchor="middle">{size:,}</text>'
    middle = (LEFT + EDGE) / 2
    yield f'<text x="{middle}" y="{HIGH - BOTTOM + 36}" text-anchor="middle">{escape(across)}</text>'


def _lines(plane: Plane, series: Mapping[str, Growth]) -> Iterator[str]:
    ends = {name: plane.y(one.costs[-1]) for name, one in series.items()}
    places = _apart(ends)
    for at, (name, one) in enumerate(series.items()):
        colour, points = COLOURS[at % len(COLOURS)], list(zip(one.sizes, one.costs, strict=True))
        path = " ".join(f"{plane.x(size)},{plane.y(cost)}" for size, cost in points)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield from (
            f'<circle cx="{plane.x(size)}" cy="{plane.y(cost)}" r="3" fill="{colour}"/>' for size, cost in points
        )
        told = f"{name}: ×{one.ratio[0]:.2f}, exponent {one.exponent[0]:.3f}"
        yield f'<path d="M{EDGE + 4} {ends[name]}L{EDGE + 14} {places[name]}" stroke="{colour}" fill="none"/>'
        yield f'<text x="{EDGE + 18}" y="{places[name] + 4}" fill="{colour}">{escape(told)}</text>'


def _apart(wanted: Mapping[str, float]) -> dict[str, float]:
    """Heights of names, as near to what is wanted as they can stand without touching, and inside the panel."""
    places: dict[str, float] = {}
    above = 0.0
    for name in sorted(wanted, key=lambda name: wanted[name]):
        above = places[name] = max(wanted[name], above + LEAST_GAP)
    over = max(0.0, above - (HIGH - BOTTOM))
    return {name: round(place - over, 1) for name, place in places.items()}
