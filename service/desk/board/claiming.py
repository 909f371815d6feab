"""Who works on which message, so that two people never answer the same one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from service.desk.clock import Clock, utc_now
from service.desk.messages import find_case
from service.domain.case import Case
from service.domain.event import EventKind
from service.errors import ConflictError, MissingError
from service.storage import board, cases, teams
from service.storage.board import Look
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record


class Claiming:
    """Each verb sees the messages of `accounts` only (None: of all); others are as good as not there."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def claim(self, message_id: str, by: str, accounts: Sequence[str] | None = None) -> Case:
        """The message is that person's from now on; it changes nothing where it is already.

        Raises MissingError, and ConflictError where somebody else has it (it names who), where it is answered, or
        while it waits for its triage.
        """
        return await self._database.write(_claim, message_id, by, accounts, self._clock())

    async def release(
        self, message_id: str, by: str, accounts: Sequence[str] | None = None, of_others: bool = False
    ) -> Case:
        """Nobody has the message any more; it changes nothing where nobody has it. `of_others`: also what somebody
        else has.

        Raises MissingError, and ConflictError where somebody else has it (it names who).
        """
        return await self._database.write(_release, message_id, by, accounts, of_others, self._clock())

    async def take_next(self, look: Look, by: str) -> Case | None:
        """Claims, of what is to do in that look and nobody has, the message that is due first; what has no due date
        comes after, the oldest first. None: there is none. No two people get the same.
        """
        return await self._database.write(_take_next, look, by, self._clock())


def _claim(transaction: Transaction, message_id: str, by: str, accounts: Sequence[str] | None, at: datetime) -> Case:
    case = _locked(transaction, message_id, accounts)
    if case.case_state is None:
        raise ConflictError("The message still waits for its triage; try again when it has one.")
    if case.replied_at is not None or case.case_state == "closed":
        raise ConflictError("The message is answered already.")
    if case.claimed_by == by:
        return case
    _not_anothers(case, by)
    return _give(transaction, case, by, at)


def _release(
    transaction: Transaction, message_id: str, by: str, accounts: Sequence[str] | None, of_others: bool, at: datetime
) -> Case:
    case = _locked(transaction, message_id, accounts)
    if case.claimed_by is None:
        return case
    if not of_others:
        _not_anothers(case, by)
    return _changed(transaction, case, "case_released", by, at, claimed_by=None, claimed_at=None)


def _take_next(transaction: Transaction, look: Look, by: str, at: datetime) -> Case | None:
    found = board.first_due(transaction, replace(look, stage="to_do", holder=board.NOBODY))
    return _give(transaction, find_case(transaction, found), by, at) if found is not None else None


def _locked(transaction: Transaction, message_id: str, accounts: Sequence[str] | None) -> Case:
    """Read after the lock is held, so that it is what nobody else changes any more."""
    cases.lock(transaction, message_id.lower())
    case = find_case(transaction, message_id)
    if accounts is not None and case.account not in accounts:
        raise MissingError("There is no such message.")
    return case


def _not_anothers(case: Case, by: str) -> None:
    if case.claimed_by not in {None, by}:
        raise ConflictError(f"{case.claimed_by} has this message since {case.claimed_at:%Y-%m-%d %H:%M} UTC.")


def _give(transaction: Transaction, case: Case, by: str, at: datetime) -> Case:
    team = teams.id_of_person(transaction, by, case.account)
    return _changed(transaction, case, "case_claimed", by, at, team, claimed_by=by, claimed_at=at)


def _changed(
    transaction: Transaction, case: Case, kind: EventKind, by: str, at: datetime, team: str | None = None, **holder: Any
) -> Case:
    """The event tells whose it was and whose it is, and of which team they are."""
    cases.change(transaction, case.id, **holder, updated_at=at)
    named = {"team": team} if team else {}
    change = ({"claimed_by": case.claimed_by}, {"claimed_by": holder["claimed_by"]} | named)
    record(transaction, new_event(kind, case.id, at, case.account, by, *change))
    return case.model_copy(update=holder)
