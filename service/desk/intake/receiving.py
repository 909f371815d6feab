"""Taking messages in now, to be triaged by the worker."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from service.desk.clock import Clock, utc_now
from service.desk.intake.admission import admit, recognise
from service.desk.intake.gathering import Gathered
from service.desk.intake.pressure import Backpressure
from service.domain.case import MessageState
from service.domain.message import Message
from service.storage import accounts, messages
from service.storage.database import Database, Transaction
from service.storage.events import received, record
from service.storage.ids import new_id


@dataclass(frozen=True, slots=True)
class Receipt:
    """`new` is False where the message came in before."""

    id: str
    state: MessageState
    new: bool


DueBy = Callable[[Message, str, datetime], Awaitable[datetime]]
"""A message's place in the order of work, of its account, as of now."""


class Intake:
    """`wake` is called after each new message; `pressure` refuses what would wait behind too many; without `due_by`,
    messages are worked off as they arrive; `trace` tells the traceparent of the call at hand, which is kept."""

    def __init__(
        self,
        database: Database,
        wake: Callable[[], None],
        clock: Clock = utc_now,
        pressure: Backpressure | None = None,
        due_by: DueBy | None = None,
        trace: Callable[[], str] = str,
    ) -> None:
        self._database = database
        self._taken: Gathered[_Taken, Receipt] = Gathered(database, _receive, _external_id)
        self._wake = wake
        self._clock = clock
        self._pressure = pressure
        self._due_by = due_by
        self._trace = trace

    async def receive(self, message: Message) -> Receipt:
        """Once this returns, the message is on disk. Raises RefusedError (account), ConflictError
        (external id of another message), BusyError (too many wait), UnavailableError.

        Those that come in together are written together."""
        account, now = await self._account(message), self._clock()
        if self._pressure is not None:
            await self._pressure.admit(account)
        due_by = await self._due_by(message, account, now) if self._due_by else now
        receipt = await self._taken.write(_Taken(message, now, due_by, self._trace()))
        if receipt.new:
            self._wake()
        return receipt

    async def _account(self, message: Message) -> str:
        """Whose backlog it joins; where none is named, of the only one."""
        return message.account or next(iter(await self._database.glance(accounts.ids)), "")


class _Taken(NamedTuple):
    message: Message
    at: datetime
    due_by: datetime
    trace: str


def _external_id(taken: _Taken) -> str:
    return taken.message.external_id or ""


def _receive(transaction: Transaction, taken: _Taken) -> Receipt:
    admitted = admit(transaction, taken.message)
    filed, message_id = admitted.filed, new_id()
    new = (message_id, admitted.message, admitted.body_hash, "received", taken.at, taken.due_by)
    if filed is None and messages.add(transaction, *new):
        record(transaction, received(message_id, admitted.message, taken.at, taken.trace))
        return Receipt(message_id, "received", new=True)
    filed = filed or recognise(transaction, admitted.message, admitted.body_hash)
    assert filed is not None  # noqa: S101 - what refused the new message is this one
    return Receipt(filed.id, filed.state, new=False)
