"""Work that failed is seen, counted and tried again; a message that fails each time stops nothing else."""

import asyncio
from datetime import datetime, timedelta

import pytest

from service.desk.clock import utc_now
from service.desk.intake.backlog import Backlog
from service.desk.intake.receiving import Intake
from service.desk.intake.triage import TriageDesk
from service.desk.messages import Messages
from service.domain.case import MessageState
from service.domain.message import Message
from service.domain.triage import Triage
from service.errors import ConflictError, MissingError
from service.storage.cases import Filter
from service.storage.database import Database
from service.worker import Worker
from tests.service.samples import a_message, a_triage

POISON = "poison"


class Poisoned:
    """Fails on the body `poison`, each time, until it is mended."""

    def __init__(self) -> None:
        self.mended = False

    async def __call__(self, message: Message, triage_id: str) -> Triage:
        if message.body == POISON and not self.mended:
            raise ZeroDivisionError(message.body)
        return a_triage(message, triage_id)


class Hurried:
    """A clock that passes a minute whenever it is looked at: no message rests for long."""

    def __init__(self) -> None:
        self.now = utc_now()

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture
def pipeline() -> Poisoned:
    return Poisoned()


async def in_state(messages: Messages, state: MessageState, count: int) -> list[str]:
    async with asyncio.timeout(20):
        while True:
            page = await messages.list(Filter(state=state), 200)
            if len(page.items) == count:
                return [one.id for one in page.items]
            await asyncio.sleep(0.02)


async def test_messages_that_fail_each_time_stop_nothing_else_and_can_be_tried_again(
    database: Database, club: str, pipeline: Poisoned, messages: Messages
) -> None:
    backlog = Backlog(database, clock=Hurried(), tries=3)
    worker = Worker(backlog, TriageDesk(database, pipeline).finish, concurrency=2, poll_s=0.02)
    intake = Intake(database, worker.wake)
    for n in range(12):
        await intake.receive(a_message(f"m-{n}", POISON if n in {0, 1, 2, 7} else "Ma facture ?", account=club))
    worker.start()
    await in_state(messages, "triaged", 8)
    failed = await in_state(messages, "failed", 4)
    case = await messages.get(failed[0])
    assert (case.attempts, case.case_state, case.queue) == (3, "open", None)
    assert case.error.startswith("ZeroDivisionError at ")
    (standing,) = await backlog.standing()
    assert (standing.account, standing.waiting, standing.failed) == (club, 0, 4)

    pipeline.mended = True
    assert (await backlog.retry(failed[0], "lead", club)).state == "received"
    assert await backlog.retry_all("lead", "another") == 0
    assert await backlog.retry_all("lead", club) == 3
    await in_state(messages, "triaged", 12)
    await worker.stop()
    assert await backlog.standing() == []
    kinds = [event.kind for event in await messages.history(failed[0])]
    assert kinds == ["message_received", *["triage_failed"] * 3, "triage_retried", "message_triaged"]


async def test_only_failed_messages_of_the_account_are_tried_again(
    database: Database, club: str, messages: Messages
) -> None:
    backlog = Backlog(database)
    receipt = await Intake(database, lambda: None).receive(a_message("m-1", account=club))
    with pytest.raises(ConflictError, match="not failed"):
        await backlog.retry(receipt.id, "lead", club)
    with pytest.raises(MissingError):
        await backlog.retry(receipt.id, "lead", "another")
