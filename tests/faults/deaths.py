"""Faults of the service's own processes: killed, frozen, on a full disk."""

import asyncio
import resource
import signal
import time
from collections.abc import Callable
from pathlib import Path

from tests.faults.proxy import Line
from tests.faults.stage import LEASE_S, Stage
from tests.faults.steps import Plan

DIES_WITHIN_S = 60.0
FULL_AT = 100_000
"""Bytes of a file: what is behind them can be read, and nothing written there."""


async def killed_at(stage: Stage, plan: Plan) -> None:
    """By its own hand, in the middle of a stream of messages."""
    place = stage.next_place()
    before, end = place.deaths, time.monotonic() + DIES_WITHIN_S
    place.doom(plan)
    while place.deaths == before:
        assert time.monotonic() < end, f"it did not die: {plan}"
        await stage.send(2)
    stage.struck(str(plan))


async def killed_while(stage: Stage, at_it: Callable[[], bool]) -> None:
    """All processes at once, while `at_it` holds."""
    sending = asyncio.create_task(stage.send(6))
    end = time.monotonic() + DIES_WITHIN_S
    while not at_it() and time.monotonic() < end:  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    for place in stage.places:
        place.kill()
    stage.struck("killed")
    await sending


async def killed_during_the_model_call(stage: Stage) -> None:
    stage.model.latency_s = 1.0
    await killed_while(stage, lambda: stage.model.in_flight > 0)
    stage.model.latency_s = 0.0


async def killed_during_the_webhook(stage: Stage) -> None:
    heard, answer = len(stage.receiver.heard), stage.receiver.answer
    stage.receiver.answer = lambda _: None
    await killed_while(stage, lambda: len(stage.receiver.heard) > heard)
    stage.receiver.answer = answer


async def killed_during_the_chroma_write(stage: Stage, line: Line) -> None:
    """While the index follows what a person confirmed."""
    line.be("slow")
    seen = line.passed
    await stage.confirm()
    await killed_while(stage, lambda: line.passed > seen)
    line.be("well")


async def frozen_past_its_lease(stage: Stage) -> None:
    place = stage.next_place()
    stage.model.latency_s = 1.0
    sending = asyncio.create_task(stage.send(20))
    await asyncio.sleep(0.7)
    place.kill(signal.SIGSTOP)
    stage.struck("frozen")
    await asyncio.sleep(LEASE_S + 3)
    place.kill(signal.SIGCONT)
    stage.model.latency_s = 0.0
    await sending


async def full_disk(stage: Stage) -> None:
    """No file of the store may grow any more, until somebody makes room; nobody starts anything anew."""
    for place in stage.places:
        resource.prlimit(place.pid, resource.RLIMIT_FSIZE, (FULL_AT, resource.RLIM_INFINITY))
    refused = stage.refused[503]
    sending = asyncio.create_task(stage.send(60))
    while stage.refused[503] < refused + 5 and not sending.done():  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    assert not sending.done(), "the disk was never full"
    stage.struck("full")
    for place in stage.places:
        resource.prlimit(place.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await sending


async def clock_steps_back(stage: Stage, control: Path) -> None:
    """By an hour, with leases, rests and deliveries of before; then forward again."""
    for step in ("-3600", "+0"):
        sending = asyncio.create_task(stage.send(20))
        await asyncio.sleep(0.3)
        control.write_text(step)  # noqa: ASYNC240
        stage.struck(step)
        await sending
        await stage.all_told()
