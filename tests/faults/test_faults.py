"""The short form of `make faults`: some of its faults, once each, on PostgreSQL and then on SQLite."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.faults import scenes
from tests.faults.__main__ import clock_library, run, with_another_clock
from tests.faults.crew import ready
from tests.faults.scenes import Faults, killed_at
from tests.faults.stage import Stage
from tests.postgres import Cluster

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # a killed process leaves its sockets to whoever collects garbage
    pytest.mark.timeout(600),
]


@asynccontextmanager
async def only(scene: object, *names: str, more: Faults | None = None) -> AsyncIterator[tuple[Stage, Faults]]:
    async with scene as (stage, faults):  # type: ignore[attr-defined]
        yield stage, {name: fault for name, fault in faults.items() if name in names} | (more or {})


async def test_nothing_is_lost_or_doubled_when_processes_die_or_the_disk_is_full() -> None:
    ready()
    dies = killed_at("intake", "triage", sides=(False,)) | killed_at("take", "parcel", "told", sides=(True,))
    found = await run(only(scenes.embedded(), "disk full", more=dies), times=1)
    assert [(name, count.lost, count.doubled) for name, count in found if count.lost or count.doubled] == []
    assert len(found) == 6


async def test_nothing_is_lost_or_doubled_when_a_worker_sleeps_and_connections_are_cut(postgres: Cluster) -> None:
    ready()
    names = ("frozen past its lease", "PostgreSQL's connections cut")
    found = await run(only(scenes.on_postgres(postgres), *names), times=1)
    assert [(name, count.lost, count.doubled) for name, count in found if count.lost or count.doubled] == []
    assert len(found) == 2


@pytest.mark.skipif(not clock_library(), reason="libfaketime is not installed")
def test_nothing_is_lost_or_doubled_when_the_clock_steps_back_an_hour_and_forward(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """In a process of its own: libfaketime is loaded before everything else."""
    assert with_another_clock(times=1, wanted="clock") == 0
    accepted, lost, doubled = capfd.readouterr().out.split()[-6:-3]
    assert (int(accepted), lost, doubled) == (40, "0", "0")
