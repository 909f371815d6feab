"""Corrections that wait for a lead: listed, accepted as a lesson, or refused as one."""

import asyncio
from typing import Literal

from service.desk.board.review import find_correction, reviewed
from service.desk.clock import utc_now
from service.desk.learning.confirmed import Prepare
from service.desk.learning.teaching import Heard, Said, teach, unteach
from service.desk.messages import checked_page
from service.desk.playbooks.versions import Playbooks
from service.domain.case import Case
from service.domain.correction import CorrectionEntry, CorrectionPage, LessonState
from service.domain.event import EventKind
from service.domain.message import Message
from service.errors import ConflictError, FieldProblem
from service.storage import cases, corrections
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record

Decided = Literal["accepted", "refused"]
EVENTS: dict[Decided, EventKind] = {"accepted": "lesson_accepted", "refused": "lesson_refused"}


class Corrections:
    """`account` bounds what is seen, as for `Messages`."""

    def __init__(self, database: Database, playbooks: Playbooks, prepare: Prepare) -> None:
        self._database = database
        self._playbooks = playbooks
        self._prepare = prepare

    async def list(
        self,
        account: str | None = None,
        state: LessonState | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> CorrectionPage:
        """Newest first. Raises RefusedError for a cursor that no page gave, or a limit out of bounds."""
        checked_page(limit, cursor)
        return await self._database.read(corrections.page, account, state, limit, cursor)

    async def decide(
        self, correction_id: str, decided: Decided, by: str, comment: str = "", account: str | None = None
    ) -> CorrectionEntry:
        """A lead's word about a contested correction: accepted, it is learned as any other is; refused, it never is.
        The message stays where the advisor put it. The same word again changes nothing.

        Raises MissingError, ConflictError where the correction does not wait for a decision.
        """
        entry, case, message = await self._database.read(_waiting, correction_id, account)
        playbook = await self._playbooks.active(case.account)
        if decided == "accepted" and entry.queue not in playbook.queue_ids:
            problem = FieldProblem("queue", "refuse it, and correct the message to a queue of today's playbook")
            raise ConflictError(f"The playbook has no queue {entry.queue} any more.", (problem,))
        heard = Heard(message, await asyncio.to_thread(self._prepare, message, playbook))
        return await self._database.write(_decide, entry.id, decided, heard, Said(by, utc_now(), comment))

    async def reopen(self, correction_id: str, by: str, account: str | None = None) -> CorrectionEntry:
        """Takes a lead's word back: the correction waits again, and what it taught meanwhile is forgotten. One that
        waits already stays as it is.

        Raises MissingError, ConflictError where nobody has decided about it, or the message was corrected since.
        """
        entry = await self._database.read(find_correction, correction_id, account)
        return await self._database.write(_reopen, entry.id, Said(by, utc_now()))


def _waiting(
    transaction: Transaction, correction_id: str, account: str | None
) -> tuple[CorrectionEntry, Case, Message]:
    entry = find_correction(transaction, correction_id, account)
    return entry, *reviewed(transaction, entry.message_id, account)


def _decide(
    transaction: Transaction, correction_id: str, decided: Decided, heard: Heard, said: Said
) -> CorrectionEntry:
    entry = find_correction(transaction, correction_id)
    cases.lock(transaction, entry.message_id)
    entry = find_correction(transaction, correction_id)
    if entry.state == decided:
        return entry
    if entry.state != "contested" or not entry.current:
        problem = FieldProblem("id", "correct the message again, or undo its newest correction")
        raise ConflictError(f"The correction is {entry.state if entry.current else 'out of date'}.", (problem,))
    corrections.decide(transaction, entry.id, decided, said.by, said.comment, said.at)
    about = {"correction": entry.id, "queue": entry.queue}
    record(transaction, new_event(EVENTS[decided], entry.message_id, said.at, entry.account, said.by, after=about))
    if decided == "accepted":
        (case, _), taught = reviewed(transaction, entry.message_id, None), Said(entry.by, said.at, entry.comment)
        teach(transaction, case, entry.queue, heard, taught, "correction")
    return find_correction(transaction, entry.id)


def _reopen(transaction: Transaction, correction_id: str, said: Said) -> CorrectionEntry:
    entry = find_correction(transaction, correction_id)
    cases.lock(transaction, entry.message_id)
    entry = find_correction(transaction, correction_id)
    if entry.state == "contested":
        return entry
    if entry.state not in EVENTS or not entry.current:
        problem = FieldProblem("id", "only what a lead has decided waits again", "not_decided")
        raise ConflictError(f"The correction is {entry.state if entry.current else 'out of date'}.", (problem,))
    corrections.reopen(transaction, entry.id)
    if entry.state == "accepted":
        unteach(transaction, reviewed(transaction, entry.message_id, None)[0], said.at)
    before, after = ({"correction": entry.id, "state": state} for state in (entry.state, "contested"))
    told = new_event("lesson_reopened", entry.message_id, said.at, entry.account, said.by, before, after)
    record(transaction, told)
    return find_correction(transaction, entry.id)
