"""A message that was accepted is on disk, and is triaged whatever happens."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from service.desk.board.review import Review
from service.desk.intake.backlog import Backlog
from service.desk.intake.receiving import Intake
from service.desk.intake.triage import TriageDesk
from service.desk.messages import Messages
from service.errors import ConflictError, UnavailableError
from service.storage.database import Database
from service.worker import Worker
from tests.service.samples import CountingPipeline, a_message


@pytest.fixture
def backlog(database: Database) -> Backlog:
    return Backlog(database, tries=3)


@pytest.fixture
def worker(backlog: Backlog, triage_desk: TriageDesk) -> Worker:
    return Worker(backlog, triage_desk.finish, concurrency=4, poll_s=0.05, grace_s=0.2)


@pytest.fixture
def intake(database: Database, worker: Worker) -> Intake:
    return Intake(database, worker.wake)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await condition():  # noqa: ASYNC110 - what is waited for happens in the database
            await asyncio.sleep(0.01)


async def settled(messages: Messages, ids: list[str], state: str = "triaged") -> None:
    async def all_are() -> bool:
        return {(await messages.get(one)).state for one in ids} == {state}

    await until(all_are)


async def asked(pipeline: CountingPipeline, times: int = 1) -> None:
    async def often_enough() -> bool:
        return len(pipeline.asked) >= times

    await until(often_enough)


async def test_what_was_received_is_triaged_and_keeps_its_id(
    intake: Intake, worker: Worker, messages: Messages
) -> None:
    receipts = [await intake.receive(a_message(f"m-{n}")) for n in range(9)]
    assert {(receipt.new, receipt.state) for receipt in receipts} == {(True, "received")}
    worker.start()
    ids = [receipt.id for receipt in receipts]
    await settled(messages, ids)
    await worker.stop()
    case = await messages.get(ids[0])
    assert case.triage is not None
    assert (case.triage.id, case.triage.external_id) == (ids[0], "m-0")
    assert [event.kind for event in await messages.history(ids[0])] == ["message_received", "message_triaged"]


async def test_a_worker_is_woken_by_a_message(
    intake: Intake, messages: Messages, backlog: Backlog, triage_desk: TriageDesk, database: Database
) -> None:
    sleepy = Worker(backlog, triage_desk.finish, poll_s=60)
    sleepy.start()
    await asyncio.sleep(0.1)
    receipt = await Intake(database, sleepy.wake).receive(a_message())
    await settled(messages, [receipt.id])
    await sleepy.stop()


async def test_the_same_message_again_is_the_same_receipt(
    intake: Intake, triage_desk: TriageDesk, pipeline: CountingPipeline
) -> None:
    first = await intake.receive(a_message())
    again = await intake.receive(a_message())
    assert (again.id, again.new) == (first.id, False)
    with pytest.raises(ConflictError):
        await intake.receive(a_message(body="Autre chose"))
    assert (await triage_desk.triage(a_message())).id == first.id
    assert (await intake.receive(a_message())).state == "triaged"
    assert len(pipeline.asked) == 1


async def test_fifty_receptions_at_once_are_one_message(intake: Intake, database: Database) -> None:
    receipts = await asyncio.gather(*(intake.receive(a_message()) for _ in range(50)))
    assert len({receipt.id for receipt in receipts}) == 1
    assert sum(receipt.new for receipt in receipts) == 1


async def test_a_poison_message_fails_visibly_and_stops_nothing_else(
    intake: Intake, messages: Messages, pipeline: CountingPipeline, database: Database, review: Review, club: str,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    class Picky(CountingPipeline):
        async def __call__(self, message, triage_id):  # type: ignore[no-untyped-def]
            if message.body == "secret de Dupont":
                raise ValueError(message.body)
            return await super().__call__(message, triage_id)

    caplog.set_level(logging.DEBUG)
    backlog = Backlog(database, tries=1)
    worker = Worker(backlog, TriageDesk(database, Picky()).finish, poll_s=0.05)
    poison = await intake.receive(a_message("m-0", "secret de Dupont"))
    good = await intake.receive(a_message("m-1"))
    worker.start()
    await settled(messages, [poison.id], "failed")
    await settled(messages, [good.id])
    await worker.stop()
    case = await messages.get(poison.id)
    assert (case.attempts, case.case_state, case.queue) == (1, "open", None)
    assert case.error.startswith("ValueError at test_receiving.py:")
    assert (await messages.history(poison.id))[-1].kind == "triage_failed"
    assert "Dupont" not in caplog.text
    assert (await review.correct(poison.id, "sinistre", "lea")).queue == "sinistre"


async def test_a_failed_message_can_be_tried_again_and_a_correction_stands(
    intake: Intake, worker: Worker, messages: Messages, pipeline: CountingPipeline, database: Database, review: Review
) -> None:
    backlog = Backlog(database, tries=1)
    receipt = await intake.receive(a_message())
    await backlog.fail(receipt.id, ValueError("broken"))
    await review.correct(receipt.id, "sinistre", "lea")
    assert (await backlog.retry(receipt.id, "lea")).state == "received"
    with pytest.raises(ConflictError):
        await backlog.retry(receipt.id, "lea")
    worker.start()
    await settled(messages, [receipt.id])
    await worker.stop()
    case = await messages.get(receipt.id)
    assert (case.queue, case.corrected_by) == ("sinistre", "lea")
    assert case.triage is not None


async def test_a_failed_try_rests_before_the_next(intake: Intake, backlog: Backlog) -> None:
    receipt = await intake.receive(a_message())
    case = await backlog.fail(receipt.id, ValueError("broken"))
    assert (case.state, case.attempts) == ("received", 1)
    assert await backlog.take("w", 5) == []


async def test_an_outage_is_not_the_messages_fault(
    intake: Intake, worker: Worker, messages: Messages, pipeline: CountingPipeline
) -> None:
    pipeline.error = UnavailableError("The database does not answer.", retry_after=0)
    receipt = await intake.receive(a_message())
    worker.start()
    await asked(pipeline, 5)
    pipeline.error = None
    await settled(messages, [receipt.id])
    await worker.stop()
    assert (await messages.get(receipt.id)).attempts == 0


async def test_stopping_gives_back_what_is_not_done(
    intake: Intake, worker: Worker, backlog: Backlog, messages: Messages, pipeline: CountingPipeline
) -> None:
    pipeline.delay_s = 30
    receipt = await intake.receive(a_message())
    worker.start()
    await asked(pipeline)
    assert await backlog.take("other", 5) == []
    await worker.stop()
    assert await backlog.take("other", 5) == [receipt.id]


async def test_a_lease_that_ran_out_frees_what_a_crash_left(intake: Intake, database: Database) -> None:
    from datetime import timedelta

    receipt = await intake.receive(a_message())
    crashed = Backlog(database, lease=timedelta(seconds=0.2))
    assert await crashed.take("crashed", 5) == [receipt.id]
    assert await crashed.take("other", 5) == []
    await asyncio.sleep(0.25)
    assert await crashed.take("other", 5) == [receipt.id]


async def test_workers_never_hold_the_same_message(intake: Intake, backlog: Backlog) -> None:
    for n in range(30):
        await intake.receive(a_message(f"m-{n}"))
    taken = await asyncio.gather(*(backlog.take(f"w{n}", 4) for n in range(12)))
    ids = [one for some in taken for one in some]
    assert len(ids) == len(set(ids)) == 30
