"""Rounds in which every size does the same, one right after the other."""

import asyncio
import gc
import random
import time
from collections import defaultdict
from collections.abc import Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from evals.bench.growth.backends import spent_s
from evals.bench.growth.work import Operation
from evals.bench.workplace import settings
from service.wiring import Desk, open_desk

WARM_UP = 2

Took = dict[str, list[dict[int, float]]]
"""By operation, a mapping a round: by size, milliseconds of one operation."""


class Working(Protocol):
    """Makes the operations over a desk of that size."""

    def __call__(self, desk: Desk, size: int) -> "Works": ...


class Works(Protocol):
    desk: Desk

    @property
    def operations(self) -> dict[str, tuple[Operation, int]]: ...


def measured(
    stores: Mapping[int, Path],
    working: Working,
    rounds: int,
    warm_up: int = WARM_UP,
    urls: Mapping[int, str] = MappingProxyType({}),
) -> tuple[Took, Took]:
    """Processor time and time on the clock; the first rounds, which load what is loaded once, are left out.

    `urls`: of PostgreSQL databases, whose processes on this machine are counted too."""
    with ExitStack() as held:
        desks = {}
        for size, data in stores.items():
            given = settings(data, engine="local", database_url=urls.get(size, ""))
            desks[size] = held.enter_context(closing(open_desk(given, index=False, ready=False)))
        works = {size: working(desk, size) for size, desk in desks.items()}
        return asyncio.run(_rounds(works, rounds, warm_up))


async def _rounds(works: Mapping[int, Works], rounds: int, warm_up: int) -> tuple[Took, Took]:
    processor, clock, chance = defaultdict(list), defaultdict(list), random.Random(2)
    names = list(next(iter(works.values())).operations)
    for number in range(warm_up + rounds):
        if number == warm_up:
            gc.collect()
            gc.freeze()
        for name in names:
            order = list(works)
            chance.shuffle(order)
            took = {size: await _took(works[size].desk, *works[size].operations[name]) for size in order}
            if number >= warm_up:
                processor[name].append({size: each[0] for size, each in took.items()})
                clock[name].append({size: each[1] for size, each in took.items()})
    return processor, clock


async def _took(desk: Desk, operation: Operation, times: int) -> tuple[float, float]:
    """Milliseconds of one: of all this process's threads and of the database's server, and on the clock."""
    name = "" if desk.database.embedded else str(desk.database.engine.url.database)
    before = spent_s(name) if name else 0.0
    spent, begun = time.process_time(), time.perf_counter()
    for _ in range(times):
        await operation()
    own, clock = time.process_time() - spent, time.perf_counter() - begun
    other = spent_s(name) - before if name else 0.0
    return 1000 * (own + other) / times, 1000 * clock / times
