"""What waits for its triage: taken under a lease, given back, counted when it fails, tried again."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime, timedelta

from service.desk.clock import Clock, utc_now
from service.desk.messages import find_case
from service.domain.case import Case
from service.errors import ConflictError
from service.log import code_of
from service.storage import events, messages, triages, webhooks
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record
from service.storage.messages import Standing

LEASE = timedelta(seconds=30)
"""Renewed while a message is worked on; after it, its worker is taken for dead."""

TRIES = 5
BATCH = 200
LONGEST_REST_S = 60


async def _nobody() -> Collection[str]:
    return ()


class Backlog:
    """A message is with one worker at a time; one that crashed or froze loses its messages when their leases end, and
    what it writes about them afterwards counts for nothing. `resting` names the accounts whose messages are left in
    line: trying them again and again would keep those of the others waiting."""

    def __init__(
        self,
        database: Database,
        clock: Clock = utc_now,
        lease: timedelta = LEASE,
        tries: int = TRIES,
        resting: Callable[[], Awaitable[Collection[str]]] = _nobody,
    ) -> None:
        self._database = database
        self._clock = clock
        self.lease = lease
        self._tries = tries
        self._resting = resting

    async def take(self, worker: str, limit: int) -> Sequence[str]:
        """Ids of the messages that are free, those first whose answer is likely due first. Raises UnavailableError."""
        resting = await self._resting()
        return await self._database.write(messages.lease, worker, limit, self._clock(), self.lease, resting)

    async def renew(self, worker: str, ids: Sequence[str]) -> None:
        """These are still worked on. Raises UnavailableError."""
        await self._database.write(messages.renew, worker, ids, self._clock() + self.lease)

    async def give_back(self, worker: str, ids: Sequence[str], rest_s: int = 0) -> None:
        """Unfinished and not counted; they may be taken again after `rest_s` seconds."""
        until = self._clock() + timedelta(seconds=rest_s)
        await self._database.write(messages.give_back, worker, ids, until)

    async def fail(self, message_id: str, error: Exception, worker: str | None = None) -> Case:
        """Counts a failed try, unless the message is with another worker by now. It rests a while, each time longer;
        after the last try it is `failed`, and stands on the desk as a case without a queue."""
        return await self._database.write(_fail, message_id, code_of(error), self._tries, self._clock(), worker)

    async def retry(self, message_id: str, by: str, account: str | None = None) -> Case:
        """Puts a failed message back in line. Raises MissingError, ConflictError where it is not failed."""
        return await self._database.write(_retry, message_id, by, account, self._clock())

    async def retry_all(self, by: str, account: str | None = None) -> int:
        """Puts every failed message back in line, in batches; how many. Raises UnavailableError."""
        revived = 0
        while batch := await self._database.write(_retry_some, by, account, self._clock()):
            revived += batch
        return revived

    async def came_with(self, message_id: str) -> str:
        """The traceparent of the call that handed it in; empty where there is none. Raises UnavailableError."""
        return await self._database.glance(events.came_with, message_id)

    async def standing(self) -> Sequence[Standing]:
        """By account, what waits and what failed. Raises UnavailableError."""
        return await self._database.read(messages.standing)


def _fail(transaction: Transaction, message_id: str, error: str, tries: int, now: datetime, worker: str | None) -> Case:
    case = find_case(transaction, message_id)
    rest = timedelta(seconds=min(LONGEST_REST_S, 2**case.attempts))
    attempts = messages.count_failure(transaction, message_id, error, tries, now + rest, worker)
    if attempts:
        about = {"error": error, "attempts": attempts}
        record(transaction, new_event("triage_failed", message_id, now, case.account, "worker", after=about))
    if attempts >= tries:
        triages.open_without(transaction, message_id, case.account, now)
        told = {"id": case.id, "external_id": case.external_id, "error": error, "attempts": attempts}
        webhooks.announce(transaction, "message.failed", case.account, (case.id, case.external_id), told, now)
    return find_case(transaction, message_id)


def _retry(transaction: Transaction, message_id: str, by: str, account: str | None, now: datetime) -> Case:
    case = find_case(transaction, message_id, account)
    if not messages.revive(transaction, case.id):
        raise ConflictError(f"The message is {case.state}, not failed.")
    record(transaction, new_event("triage_retried", case.id, now, case.account, by))
    return find_case(transaction, case.id)


def _retry_some(transaction: Transaction, by: str, account: str | None, now: datetime) -> int:
    found = messages.failed(transaction, account, BATCH)
    for message_id in found:
        _retry(transaction, message_id, by, account, now)
    return len(found)
