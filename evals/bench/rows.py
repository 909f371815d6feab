"""A figure, what it is measured against, and the verdict that follows."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

SECTIONS = ("latency", "bulk", "start", "memory", "model", "refit")


@dataclass(frozen=True, slots=True)
class Aim:
    """Met where the figure is at most, or with `least` at least, `limit`."""

    limit: float
    least: bool = False

    def met(self, measured: float) -> bool:
        return measured >= self.limit if self.least else measured <= self.limit


def at_most(limit: float) -> Aim:
    return Aim(limit)


def at_least(limit: float) -> Aim:
    return Aim(limit, least=True)


@dataclass(frozen=True, slots=True)
class Row:
    """`n` counts the measurements behind `measured`; a row without an aim is there to be read."""

    section: str
    name: str
    measured: float
    unit: str
    n: int
    aim: Aim | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        return "" if self.aim is None else "met" if self.aim.met(self.measured) else "missed"

    def as_json(self) -> dict[str, object]:
        return {
            "section": self.section,
            "name": self.name,
            "measured": self.measured,
            "unit": self.unit,
            "n": self.n,
            "aim": self.aim and {"at_least" if self.aim.least else "at_most": self.aim.limit},
            "verdict": self.verdict,
            "note": self.note,
        }


def p50(values: Sequence[float]) -> float:
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    """By the nearest rank."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(0.95 * len(ranked)))]
