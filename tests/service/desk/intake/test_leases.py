"""A lease is looked at where something is written: who lost it, by sleep, cut or a clock, changes nothing."""

import asyncio
from datetime import datetime, timedelta

import pytest

from service.desk.clock import utc_now
from service.desk.intake.backlog import Backlog
from service.desk.intake.receiving import Intake
from service.desk.intake.triage import TriageDesk
from service.desk.messages import Messages
from service.domain.message import Message
from service.domain.triage import Triage
from service.errors import OvertakenError
from service.storage.database import Database
from tests.service.samples import CountingPipeline, a_message, a_triage


class Told:
    """A clock that says what it is told."""

    def __init__(self) -> None:
        self.now = utc_now()

    def __call__(self) -> datetime:
        return self.now


class Held:
    """A pipeline that concludes when it is let go."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.asked = asyncio.Event()

    async def __call__(self, message: Message, triage_id: str) -> Triage:
        self.asked.set()
        await self.go.wait()
        return a_triage(message, triage_id, "sinistre")


@pytest.fixture
def intake(database: Database, club: str) -> Intake:
    return Intake(database, lambda: None)


async def test_what_a_worker_writes_after_it_slept_past_its_lease_counts_for_nothing(
    database: Database, intake: Intake, messages: Messages
) -> None:
    clock, held = Told(), Held()
    frozen, awake = TriageDesk(database, held), TriageDesk(database, CountingPipeline())
    backlog = Backlog(database, clock)
    receipt = await intake.receive(a_message())
    assert await backlog.take("frozen", 1) == [receipt.id]
    late = asyncio.create_task(frozen.finish(receipt.id, "frozen"))
    await held.asked.wait()
    clock.now += timedelta(hours=1)
    assert await backlog.take("awake", 1) == [receipt.id]
    held.go.set()
    with pytest.raises(OvertakenError):
        await late
    await backlog.fail(receipt.id, ValueError("late, too"), "frozen")
    await backlog.give_back("frozen", [receipt.id])
    assert (await messages.get(receipt.id)).attempts == 0
    assert await backlog.take("third", 1) == []
    await awake.finish(receipt.id, "awake")
    kept = await messages.get(receipt.id)
    assert kept.triage is not None
    assert kept.triage.queue is not None
    assert (kept.triage.queue.id, kept.state) == ("facture", "triaged")


async def test_a_worker_that_wakes_before_anyone_missed_it_may_finish(database: Database, intake: Intake) -> None:
    backlog = Backlog(database, lease=timedelta(0))
    receipt = await intake.receive(a_message())
    await backlog.take("slow", 1)
    assert await TriageDesk(database, CountingPipeline()).finish(receipt.id, "slow") is not None


async def test_a_caller_who_waits_for_the_same_message_is_answered_though_the_worker_lost_it(
    database: Database, intake: Intake
) -> None:
    held = Held()
    desk, backlog = TriageDesk(database, held), Backlog(database)
    receipt = await intake.receive(a_message())
    late = asyncio.create_task(desk.finish(receipt.id, "never took it"))
    await held.asked.wait()
    caller = asyncio.create_task(desk.triage(a_message()))
    await backlog.take("other", 1)
    held.go.set()
    with pytest.raises(OvertakenError):
        await late
    assert (await caller).id == receipt.id


async def test_a_clock_that_steps_back_leaves_no_message_behind_a_lease_of_the_future(
    database: Database, intake: Intake
) -> None:
    clock = Told()
    backlog = Backlog(database, clock)
    receipt = await intake.receive(a_message())
    clock.now += timedelta(hours=2)
    assert await backlog.take("ahead", 1) == [receipt.id]
    clock.now -= timedelta(hours=2)
    assert await backlog.take("now", 1) == [receipt.id]


async def test_messages_are_worked_off_by_when_they_are_likely_due(database: Database, club: str) -> None:
    async def due_by(message: Message, account: str, now: datetime) -> datetime:
        return now + timedelta(hours=float(message.subject))

    intake = Intake(database, lambda: None, due_by=due_by)
    hours = ["48", "1", "24", "1", "72"]
    ids = [(await intake.receive(a_message(f"m-{n}", subject=each))).id for n, each in enumerate(hours)]
    assert await Backlog(database).take("w", 4) == [ids[1], ids[3], ids[2], ids[0]]
