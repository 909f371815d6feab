"""Triage on request: each message once, however often and however simultaneously it is sent."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple, Protocol

from service.desk.clock import utc_now
from service.desk.intake.admission import Admitted, admit, recognise
from service.desk.intake.flights import Flights
from service.desk.intake.gathering import Gathered
from service.domain.message import Message
from service.domain.triage import Triage
from service.errors import OvertakenError, WaitsError
from service.storage import messages, triages
from service.storage.database import Database, Transaction
from service.storage.ids import new_id
from service.storage.triages import Concluded


class Pipeline(Protocol):
    """One message's way. `message.account` is set; the Triage takes the given id, which is the message's."""

    async def __call__(self, message: Message, triage_id: str) -> Triage: ...


class TriageDesk:
    """Message, triage, case and events are stored in one transaction, before anyone sees the result.

    `patient` concludes about messages that a worker holds, which nobody waits for.
    """

    def __init__(self, database: Database, pipeline: Pipeline, patient: Pipeline | None = None) -> None:
        self._database = database
        self._pipeline = pipeline
        self._patient = patient or pipeline
        self._flights: Flights[Triage] = Flights()
        # SQLite has one writer at a time; PostgreSQL has many, who would wait in a circle for what messages share.
        self._line: Gathered[_Storing, Triage] = Gathered(database, _stored, _id_of, together=database.embedded)

    async def triage(self, message: Message) -> Triage:
        """Concludes about a message, or returns what was concluded when it came in before.

        Raises RefusedError (account), ConflictError (external id of another message), UnavailableError.
        """
        if message.external_id is None:
            return await self._conclude(message)
        body_hash = message.fingerprint
        request = (message.account, message.external_id, body_hash)
        return await self._flights.join(request, lambda: self._conclude(message, body_hash))

    async def finish(self, message_id: str, worker: str | None = None) -> Triage | None:
        """Concludes about a message that was received before. None where there is no such message.

        For a `worker`, only while he holds it. Raises OvertakenError where another one does, and UnavailableError.
        """
        found = await self._database.read(_received, message_id)
        if found is None or isinstance(found, Triage):
            return found
        try:
            return await self._flights.join(message_id, lambda: self._finish(found, message_id, worker))
        except (OvertakenError, WaitsError):
            if worker is not None:
                raise
        return await self.finish(message_id)  # what it joined was a worker's, who had lost it, or could wait

    async def keep(self, concluded: Sequence[tuple[Message, Triage]]) -> list[Triage]:
        """Stores what was concluded elsewhere (bulk), in one transaction. What came in before stays, and is
        what is returned in its place. Raises as `triage`."""
        return await self._database.write(_keep, concluded, utc_now())

    async def drain(self) -> None:
        """Lets what is being concluded end, for at most four seconds."""
        await self._flights.land(4.0)

    async def _conclude(self, message: Message, body_hash: str = "") -> Triage:
        admitted = await self._database.glance(admit, message, body_hash)
        if admitted.filed is not None:
            stored = await self.finish(admitted.filed.id)
            if stored is not None:
                return stored
        triage = await self._pipeline(admitted.message, new_id())
        return await self._line.write(_Storing(triage.id, partial(_file, admitted, triage, utc_now())))

    async def _finish(self, message: Message, message_id: str, worker: str | None) -> Triage:
        pipeline = self._patient if worker else self._pipeline
        triage = await pipeline(message, message_id)
        return await self._line.write(_Storing(triage.id, partial(_settle, message, triage, utc_now(), worker)))


class _Storing(NamedTuple):
    """What stores a triage, or finds that another one was faster: then it has written nothing."""

    message_id: str
    verb: Callable[[Transaction], Triage]


def _stored(transaction: Transaction, storing: _Storing) -> Triage:
    return storing.verb(transaction)


def _id_of(storing: _Storing) -> str:
    return storing.message_id


def _received(transaction: Transaction, message_id: str) -> Message | Triage | None:
    """Its triage, or the message that waits for one."""
    return triages.latest(transaction, message_id) or messages.load(transaction, message_id)


def _file(admitted: Admitted, triage: Triage, now: datetime, transaction: Transaction) -> Triage:
    """Stores a new message; where another request was faster, its result is the result."""
    if triages.store_new(transaction, Concluded(admitted.message, triage, admitted.body_hash), now):
        return triage
    filed = recognise(transaction, admitted.message, admitted.body_hash)
    assert filed is not None  # noqa: S101 - what refused the new message is this one
    return _settle(admitted.message, triage.model_copy(update={"id": filed.id}), now, None, transaction)


def _settle(message: Message, triage: Triage, now: datetime, worker: str | None, transaction: Transaction) -> Triage:
    """The lease is looked at in the transaction that writes: a worker that slept past it changes nothing."""
    if triages.store_result(transaction, message, triage, now, worker):
        return triage
    stored = triages.latest(transaction, triage.id)
    if stored is None:
        raise OvertakenError("Another worker has this message.")
    return stored


def _keep(transaction: Transaction, concluded: Sequence[tuple[Message, Triage]], now: datetime) -> list[Triage]:
    kept = []
    for message, triage in concluded:
        settled = message.model_copy(update={"account": triage.account})
        kept.append(_file(Admitted(settled, settled.fingerprint, None), triage, now, transaction))
    return kept
