"""What a suite prints: each figure beside the baseline's, and whether it meets its target."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, nan

COLUMNS = f"{'':64s}{'n':>7s}{'baseline':>10s}{'ours':>9s}{'target':>10s}"


@dataclass(frozen=True, slots=True)
class Figure:
    """`target` is a floor, or a ceiling where `at_most`. Not a number: not measured, or nothing to compare with."""

    name: str
    n: int
    ours: float
    baseline: float = nan
    target: float = nan
    at_most: bool = False

    @property
    def met(self) -> bool | None:
        """None without a target."""
        if isnan(self.target):
            return None
        return self.ours <= self.target if self.at_most else self.ours >= self.target


@dataclass(frozen=True, slots=True)
class Section:
    """`notes` stand below the figures."""

    title: str
    figures: Sequence[Figure] = ()
    notes: Sequence[str] = ()

    def __str__(self) -> str:
        lines = [_line(figure) for figure in self.figures]
        head = [COLUMNS] if lines else []
        return "\n".join([f"\n{self.title}", *head, *lines, *(f"  {note}" for note in self.notes)])


def verdict(sections: Sequence[Section]) -> str:
    """How many targets are met, and the name of each that is not."""
    judged = [(section, figure) for section in sections for figure in section.figures if figure.met is not None]
    missed = [f"  missed: {section.title}: {figure.name}" for section, figure in judged if not figure.met]
    return "\n".join([f"\n{len(judged) - len(missed)} of {len(judged)} targets met", *missed])


def _line(figure: Figure) -> str:
    bound = "" if isnan(figure.target) else f"{'≤' if figure.at_most else '≥'} {figure.target:.3f}"
    mark = {None: "", True: "  met", False: "  MISSED"}[figure.met]
    numbers = f"{figure.n:7d}{_number(figure.baseline):>10s}{_number(figure.ours):>9s}"
    return f"  {figure.name:62s}{numbers}{bound:>10s}{mark}"


def _number(value: float) -> str:
    return "–" if isnan(value) else f"{value:.4f}"
