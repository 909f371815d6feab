"""What is done once in a while is done once, however many processes there are."""

import asyncio
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from service.desk.clock import utc_now
from service.desk.upkeep.schedule import LEASE, Schedule
from service.storage import privacy_records
from service.storage.database import Database

ROOT = Path(__file__).parents[4]
DAY = timedelta(days=1)


class Told:
    def __init__(self) -> None:
        self.now = utc_now()

    def __call__(self) -> datetime:
        return self.now


async def done() -> None:
    """Nothing to do."""


async def broken() -> None:
    raise ZeroDivisionError


def test_three_processes_do_a_daily_duty_once(url: str) -> None:
    command = [sys.executable, "-m", "tests.service.desk.duty", url, "0.5", "86400"]
    three = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert sorted(int(one.communicate(timeout=60)[0]) for one in three) == [0, 0, 1]


async def test_it_is_done_again_when_its_time_has_passed_and_when_the_clock_stepped_back(database: Database) -> None:
    clock = Told()
    schedule = Schedule(database, "digest", DAY, clock)
    assert await schedule.run("one", done)
    assert not await schedule.run("two", done)
    clock.now += DAY
    assert await schedule.run("two", done)
    clock.now -= 3 * DAY
    assert await schedule.run("three", done)


async def test_a_duty_that_failed_is_due_and_one_whose_holder_died_is_free_after_its_lease(database: Database) -> None:
    clock = Told()
    schedule = Schedule(database, "digest", DAY, clock)
    with pytest.raises(ZeroDivisionError):
        await schedule.run("one", broken)
    assert await database.write(privacy_records.take_chore, "digest", "died", clock(), LEASE)
    assert not await schedule.run("two", done)
    clock.now += LEASE + timedelta(seconds=1)
    assert await schedule.run("two", done)


async def test_a_duty_that_takes_longer_than_its_lease_is_still_done_once(database: Database) -> None:
    lease, begun, enough = timedelta(seconds=0.6), asyncio.Event(), asyncio.Event()

    async def long() -> None:
        begun.set()
        await enough.wait()

    one, two = (Schedule(database, "digest", DAY, lease=lease) for _ in range(2))
    working = asyncio.create_task(one.run("one", long))
    await begun.wait()
    await asyncio.sleep(2 * lease.total_seconds())
    assert not await two.run("two", done)
    enough.set()
    assert await working
    assert not await two.run("two", done)
