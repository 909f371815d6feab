"""One message through the desk, step by step, each beside the floor of its parts."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from evals.bench.corpus import ACCOUNT, messages
from evals.bench.floor import Floor, Parts
from evals.bench.programs import FailedError
from evals.bench.rows import Row, at_most, p50, p95
from evals.bench.workplace import Workplace, settings
from service.domain.collections import confirmed_of
from service.domain.message import Message
from service.domain.triage import Triage
from service.storage.passages import Passages
from service.wiring import Desk, open_desk, prepare

WARM_UP = 60
LOCAL_MS = 15.0
TIMES_THE_FLOOR = 2.0
STORE = "store"
"""Everything around the pipeline: recognising a message, storing it and its result, and the hops to threads."""


@dataclass
class Timings:
    """Milliseconds, one a message, in order."""

    total: list[float] = field(default_factory=list)
    steps: dict[str, list[float]] = field(default_factory=dict)
    floor: list[Parts] = field(default_factory=list)

    def add(self, total_ms: float, triage: Triage, floor: Parts) -> None:
        self.total.append(total_ms)
        self.floor.append(floor)
        for step, passed in (triage.steps_ms | {STORE: total_ms - triage.duration_ms}).items():
            self.steps.setdefault(step, []).append(passed)


def measure_in_process(place: Workplace) -> list[Row]:
    """Each confirmed message once, without itself among what is recalled; its floor right after it."""
    desk = open_desk(settings(place.store("latency"), engine="local"))
    return rows(asyncio.run(_measured(desk, place)))


async def _measured(desk: Desk, place: Workplace) -> Timings:
    known = messages(WARM_UP + place.amount(1260, 40))
    async with desk.running():
        floor = await _floor(desk, place)
        timings = Timings()
        try:
            for number, message in enumerate(known):
                total_ms, triage = await _timed(desk, message)
                redacted = prepare(message, (await desk.shelf.of(ACCOUNT)).playbook)
                parts = floor.measure(message, redacted, triage)
                if number >= WARM_UP:
                    timings.add(total_ms, triage, parts)
        finally:
            floor.close()
    return timings


async def _floor(desk: Desk, place: Workplace) -> Floor:
    """Once the desk's own index is in use, so that what is measured is what runs."""
    learned = (await desk.shelf.of(ACCOUNT)).learned
    collection = confirmed_of(ACCOUNT)
    await asyncio.to_thread(desk.library.prepare, collection)
    if learned is None or not await asyncio.to_thread(desk.library.settled):
        raise FailedError("the desk has learned nothing, or its index did not get ready")
    stored = await asyncio.to_thread(Passages(desk.database).read, collection, desk.library.embedder)
    folder = place.folder / "floor"
    folder.mkdir()
    return Floor(folder, learned, {one.passage.id: one for one in stored})


async def _timed(desk: Desk, message: Message) -> tuple[float, Triage]:
    begun = time.perf_counter()
    triage = await desk.triages.triage(message)
    return (time.perf_counter() - begun) * 1000, triage


def rows(timings: Timings) -> list[Row]:
    n = len(timings.total)
    floors = [parts.total for parts in timings.floor]
    whole = p50(timings.total)
    alone = {name: [getattr(parts, name) for parts in timings.floor] for name in ("predict", "query", "commit")}
    return [
        *(_pair(f"step {step}", passed) for step, passed in timings.steps.items()),
        *(_pair(f"floor {name}", passed) for name, passed in alone.items()),
        _row("floor of the parts, p50", p50(floors), "ms", n),
        _row("one message, p50", whole, "ms", n, at_most(LOCAL_MS)),
        _row("one message, p95", p95(timings.total), "ms", n),
        _row("one message / floor", whole / p50(floors), "×", n, at_most(TIMES_THE_FLOOR)),
    ]


def _pair(name: str, passed: Sequence[float]) -> Row:
    return _row(f"{name}, p50", p50(passed), "ms", len(passed), note=f"p95 {p95(passed):.2f} ms")


def _row(name: str, measured: float, unit: str, n: int, aim: object = None, note: str = "") -> Row:
    return Row("latency", name, measured, unit, n, aim, note)  # type: ignore[arg-type]
