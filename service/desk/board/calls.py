"""Calls to customers: proposed inside the account's hours, booked, and noted afterwards. Nobody is called from here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.desk.clock import Clock, utc_now
from service.desk.messages import find_case
from service.desk.playbooks.versions import Playbooks
from service.domain.call import CALL_STATES, Call, CallState
from service.domain.playbook import Playbook
from service.errors import ConflictError, FieldProblem, MissingError, RefusedError
from service.pipeline.draft.slots import call_slots, within_hours, written
from service.storage import calls, cases
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record
from service.storage.ids import new_id

PROPOSED = 12
LASTING = timedelta(minutes=30)
"""How long a call takes whose end is not said."""

LONGEST = timedelta(hours=4)
FARTHEST = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Proposal:
    """By the account's clock; `said` as people write it."""

    starts_at: datetime
    ends_at: datetime
    said: str


class Calls:
    """Each verb takes `account` as `Messages` does."""

    def __init__(self, database: Database, playbooks: Playbooks, clock: Clock = utc_now) -> None:
        self._database = database
        self._playbooks = playbooks
        self._clock = clock

    def proposals(self, playbook: Playbook, language: str) -> Sequence[Proposal]:
        """The next times at which the account calls; none where it says no hours."""
        if playbook.calls is None:
            return ()
        found = call_slots(playbook.calls, playbook.timezone, self._clock(), PROPOSED)
        return [Proposal(*slot, written((slot,), language) or f"{slot[0]:%d/%m/%Y %H:%M}") for slot in found]

    async def list(self, message_id: str, account: str | None = None) -> Sequence[Call]:
        """Oldest first. Raises MissingError."""
        return await self._database.read(_list, message_id, account)

    async def book(
        self,
        message_id: str,
        starts_at: datetime,
        by: str,
        ends_at: datetime | None = None,
        account: str | None = None,
    ) -> Call:
        """Raises MissingError, RefusedError for a time that is past, far off or outside the account's hours,
        ConflictError where that person has another call then, or this message has one booked."""
        case = await self._database.read(find_case, message_id, account)
        now = self._clock()
        end = _end(starts_at, ends_at, now)
        _check(await self._playbooks.active(case.account), starts_at, end)
        call = Call(
            id=new_id(), message_id=case.id, account=case.account, starts_at=starts_at, ends_at=end, state="booked",
            booked_by=by, booked_at=now,
        )  # fmt: skip
        return await self._database.write(_book, call)

    async def settle(
        self, message_id: str, call_id: str, state: CallState, by: str, note: str = "", account: str | None = None
    ) -> Call:
        """What became of it: held, missed or cancelled, with a note; `booked` takes that back and leaves the note.

        Raises MissingError, RefusedError for a state that is none."""
        if state not in CALL_STATES:
            raise RefusedError("There is no such state.", (FieldProblem("state", f"one of {', '.join(CALL_STATES)}"),))
        return await self._database.write(_settle, message_id, call_id, state, by, note.strip(), account, self._clock())


def _end(start: datetime, end: datetime | None, now: datetime) -> datetime:
    problem = FieldProblem("starts_at", f"a time to come, within {FARTHEST.days} days", "call_time")
    if not now < start < now + FARTHEST:
        raise RefusedError("No call can be booked then.", (problem,))
    last = start + LASTING if end is None else end
    if not start < last <= start + LONGEST:
        raise RefusedError("A call ends after it begins.", (replace(problem, field="ends_at"),))
    return last


def _check(playbook: Playbook, start: datetime, end: datetime) -> None:
    if playbook.calls is None or not within_hours(playbook.calls, playbook.timezone, (start, end)):
        problem = FieldProblem("starts_at", "a time inside the hours of the account's `calls`", "call_hours")
        raise RefusedError("The account does not call at that time.", (problem,))


def _list(transaction: Transaction, message_id: str, account: str | None) -> list[Call]:
    return calls.of_message(transaction, find_case(transaction, message_id, account).id)


def _book(transaction: Transaction, call: Call) -> Call:
    cases.lock(transaction, call.message_id)
    if any(one.state == "booked" for one in calls.of_message(transaction, call.message_id)):
        raise ConflictError("A call is booked for this message already; note or cancel it first.")
    if calls.booked_between(transaction, call.booked_by, call.starts_at, call.ends_at):
        raise ConflictError(f"{call.booked_by} has another call at that time.")
    calls.add(transaction, call)
    after = {"call": call.id, "starts_at": call.starts_at.isoformat(), "state": call.state}
    happened = new_event("call_booked", call.message_id, call.booked_at, call.account, call.booked_by, after=after)
    record(transaction, happened)
    return call


def _settle(
    transaction: Transaction,
    message_id: str,
    call_id: str,
    state: CallState,
    by: str,
    note: str,
    account: str | None,
    at: datetime,
) -> Call:
    case = find_case(transaction, message_id, account)
    cases.lock(transaction, case.id)
    call = next((one for one in calls.of_message(transaction, case.id) if one.id == call_id.lower()), None)
    if call is None:
        raise MissingError("There is no such call.", (FieldProblem("call_id", "give the id of one of the message's"),))
    said = {"state": state, "noted_by": by, "noted_at": at, "note": note or call.note}
    if (call.state, call.note) == (state, said["note"]):
        return call
    calls.change(transaction, call.id, **said)
    change = ({"call": call.id, "state": call.state}, {"call": call.id, "state": state})
    record(transaction, new_event("call_settled", case.id, at, case.account, by, *change))
    return call.model_copy(update=said)
