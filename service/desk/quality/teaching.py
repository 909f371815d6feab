"""What an audit sample found right made confirmed messages, because a lead says so; and taken back."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from service.desk.clock import utc_now
from service.desk.learning.confirmed import Prepare
from service.desk.learning.teaching import Heard, Said, lesson_id, teach, unteach
from service.desk.messages import find_case
from service.desk.playbooks.versions import Playbooks
from service.desk.quality.auditing import Auditing
from service.domain.audited import AuditSample
from service.domain.event import EventKind
from service.errors import ConflictError, FieldProblem
from service.storage import audits, confirmed, messages
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record


@dataclass(frozen=True, slots=True)
class Taught:
    """How many messages are learned from now, and how many stayed as somebody had confirmed them before."""

    taught: int
    known: int


class AuditTeaching:
    def __init__(self, database: Database, auditing: Auditing, playbooks: Playbooks, prepare: Prepare) -> None:
        self._database = database
        self._auditing = auditing
        self._playbooks = playbooks
        self._prepare = prepare

    async def teach(self, account: str, audit_id: str, by: str) -> Taught:
        """Every message of which it is known what is right is learned from, but those that somebody has confirmed
        already and those that fit no queue. The messages stay where they are. Raises MissingError, ConflictError while
        the readers are not done, or where it was done before."""
        found = await self._auditing.open(account, audit_id)
        if not found.finished or found.audit.taught_at is not None:
            problem = FieldProblem("id", "look at the sample again", "audit_not_ready")
            raise ConflictError("It cannot be learned from now.", (problem,))
        playbook = await self._playbooks.active(account)
        truths = {one.message_id: one.truth for one in found.items if one.truth in playbook.queue_ids}
        taught = 0
        for message_id, queue in truths.items():
            message = await self._database.read(messages.load, message_id)
            if message is not None:
                heard = Heard(message, await asyncio.to_thread(self._prepare, message, playbook))
                said = Said(by, utc_now())
                taught += await self._database.write(_teach, account, message_id, str(queue), heard, said)
        told = Taught(taught, len(truths) - taught)
        await self._database.write(_note, found.audit, by, utc_now(), told)
        return told

    async def unteach(self, account: str, audit_id: str, by: str) -> None:
        """Nothing is learned from the sample any more. Raises MissingError, ConflictError where nothing was."""
        found = await self._auditing.open(account, audit_id)
        if found.audit.taught_at is None:
            problem = FieldProblem("id", "look at the sample again", "audit_not_ready")
            raise ConflictError("Nothing is learned from it.", (problem,))
        for one in found.items:
            await self._database.write(_unteach, account, one.message_id, utc_now())
        await self._database.write(_note, found.audit, by, utc_now(), None)


def _teach(transaction: Transaction, account: str, message_id: str, queue: str, heard: Heard, said: Said) -> bool:
    """False where somebody has confirmed it already."""
    case = find_case(transaction, message_id, account)
    if confirmed.source(transaction, account, lesson_id(case)) is not None:
        return False
    teach(transaction, case, queue, heard, said, "audit")
    return True


def _unteach(transaction: Transaction, account: str, message_id: str, at: datetime) -> None:
    unteach(transaction, find_case(transaction, message_id, account), at, "audit")


def _note(transaction: Transaction, audit: AuditSample, by: str, now: datetime, told: Taught | None) -> None:
    audits.change(transaction, audit.id, taught_by=by if told else None, taught_at=now if told else None)
    kind: EventKind = "audit_taught" if told else "audit_untaught"
    after = {"taught": told.taught, "known": told.known} if told else None
    record(transaction, new_event(kind, audit.id, now, audit.account, by, after=after))
