"""The bounds on calls to a model hold for all processes together, and cost the database little."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from time import monotonic

import pytest
from sqlalchemy import select

from service.connectors.turns import SharedTurns
from service.errors import NoTurnError, UnavailableError
from service.storage import model_shares, schema
from service.storage.database import Database, Transaction
from service.storage.model_shares import Granted, Limits


class Provider:
    """Counts what is in flight, and when each call began."""

    def __init__(self) -> None:
        self.in_flight = self.most = 0
        self.began: list[float] = []

    async def call(self, turns: SharedTurns, seconds: float = 0.02, patience_s: float = 30) -> None:
        async with turns.turn(asyncio.get_running_loop().time() + patience_s):
            self.began.append(monotonic())
            self.in_flight += 1
            self.most = max(self.most, self.in_flight)
            await asyncio.sleep(seconds)
            self.in_flight -= 1


def shares(transaction: Transaction) -> list[str]:
    """Who holds one."""
    return list(transaction.execute(select(schema.model_shares.c.holder)).scalars())


class Processes:
    """`asked` counts questions to the database; `away` makes it unreachable."""

    def __init__(self, database: Database, limits: Limits, lease_s: float = 30.0) -> None:
        self.database, self.limits, self.lease_s = database, limits, lease_s
        self.asked, self.away = 0, False

    def another(self) -> SharedTurns:
        return SharedTurns(self._share, 50, self.lease_s, self.lease_s / 2, self.limits.per_minute > 0)

    async def _share(self, holder: str, busy: int, waiting: int) -> Granted:
        self.asked += 1
        if self.away:
            raise UnavailableError("The database does not answer.")
        lease = timedelta(seconds=self.lease_s)
        return await self.database.write(model_shares.share, holder, busy, waiting, self.limits, lease)


@pytest.fixture
async def processes(database: Database) -> AsyncIterator[Callable[..., Processes]]:
    yield lambda **limits: Processes(database, Limits(**limits))
    for task in asyncio.all_tasks():
        if task.get_name() == "turns of the model":
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def test_three_processes_have_no_more_calls_in_flight_than_allowed_and_each_gets_some(
    processes: Callable[..., Processes],
) -> None:
    three, provider = processes(at_once=4), Provider()
    turns = [three.another() for _ in range(3)]
    await asyncio.gather(*(provider.call(each) for each in turns for _ in range(30)))
    assert provider.most <= 4
    assert len(provider.began) == 90
    assert three.asked < 90


async def test_a_minute_sees_no_more_calls_than_allowed(processes: Callable[..., Processes]) -> None:
    two, provider = processes(per_minute=60), Provider()
    calls = [asyncio.create_task(provider.call(turns)) for turns in (two.another(), two.another()) for _ in range(40)]
    await asyncio.sleep(3)
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
    assert 6 <= len(provider.began) <= 6 + 4


async def test_the_share_of_a_process_that_died_comes_back_when_its_lease_ends(database: Database) -> None:
    both = Processes(database, Limits(at_once=2), lease_s=1.0)
    dead, alive, provider = both.another(), both.another(), Provider()
    await both.database.write(model_shares.share, dead.name, 2, 0, both.limits, timedelta(seconds=1.0))
    began = monotonic()
    await provider.call(alive)
    assert 0.5 < monotonic() - began < 10


async def test_who_waits_too_long_is_told_and_leaves_his_place(processes: Callable[..., Processes]) -> None:
    one, provider = processes(at_once=1), Provider()
    turns = one.another()
    busy = asyncio.create_task(provider.call(turns, 0.5))
    await asyncio.sleep(0.1)
    with pytest.raises(NoTurnError):
        await provider.call(turns, patience_s=0.1)
    await busy
    await provider.call(turns)
    assert provider.most == 1


async def test_no_call_begins_that_the_lease_may_not_outlast(database: Database) -> None:
    """A process that is cut off from the database stops by itself, before its share is another's."""
    cut = Processes(database, Limits(at_once=2), lease_s=1.0)
    turns, provider = cut.another(), Provider()
    await provider.call(turns)
    cut.away = True
    await asyncio.sleep(0.6)
    with pytest.raises(NoTurnError):
        await provider.call(turns, patience_s=0.3)


async def test_who_leaves_gives_his_share_back_at_once(processes: Callable[..., Processes]) -> None:
    one, provider = processes(at_once=2), Provider()
    turns = one.another()
    await provider.call(turns)
    await turns.close()
    assert await one.database.read(shares) == []


async def test_nothing_is_asked_of_the_database_while_nothing_is_called(processes: Callable[..., Processes]) -> None:
    one, provider = processes(at_once=2), Provider()
    await provider.call(one.another())
    async with asyncio.timeout(20):
        while any(task.get_name() == "turns of the model" for task in asyncio.all_tasks()):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert await one.database.read(shares) == []
