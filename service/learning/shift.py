"""How far a mix of queues has moved from another one."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

UNSEEN = 0.5
"""Added to each queue's count on both sides (Jeffreys), so that one that is new or gone has a logarithm."""

Z95 = 1.6449


@dataclass(frozen=True, slots=True)
class Moved:
    """A queue with its share before and now."""

    queue: str
    before: float
    now: float


@dataclass(frozen=True, slots=True)
class Shift:
    """`index` is the population stability index: below 0.1 little, above 0.25 much has moved. `by_chance` is what it
    would not exceed 19 times in 20 if both were drawn from one mix; `messages`, how many are looked at now. `moved`
    has those that moved most first."""

    index: float
    by_chance: float
    messages: int
    moved: tuple[Moved, ...] = ()


def shift(before: Mapping[str, float], now: Mapping[str, float]) -> Shift | None:
    """Counts by queue. None where one of them holds nothing.

    Population stability index as in Siddiqi, Credit Risk Scorecards (2006); its quantile as in Yurdakul and Naranjo,
    Statistical properties of the population stability index (2020): (1/n + 1/m) times that of chi-square with a degree
    of freedom less than there are queues.
    """
    queues = sorted(before.keys() | now.keys())
    n, m = sum(before.values()), sum(now.values())
    if not n or not m:
        return None
    shares = [
        Moved(queue, _share(before, queue, n, len(queues)), _share(now, queue, m, len(queues))) for queue in queues
    ]
    moved = sorted(shares, key=_part, reverse=True)
    by_chance = (1 / n + 1 / m) * _chi_square(len(queues) - 1)
    return Shift(sum(map(_part, shares)), by_chance, round(m), tuple(moved))


def _share(counts: Mapping[str, float], queue: str, total: float, queues: int) -> float:
    return (counts.get(queue, 0.0) + UNSEEN) / (total + UNSEEN * queues)


def _part(one: Moved) -> float:
    return (one.now - one.before) * math.log(one.now / one.before)


def _chi_square(degrees: int) -> float:
    """Its 95 % quantile, by Wilson and Hilferty (1931): within 2 % from two degrees on."""
    if degrees < 1:
        return 0.0
    step = 2 / (9 * degrees)
    return degrees * (1 - step + Z95 * math.sqrt(step)) ** 3
