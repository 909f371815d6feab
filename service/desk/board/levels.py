"""A message given to the next level, or handed back to the one before, with a word why."""

from collections.abc import Sequence
from datetime import datetime

from service.desk.clock import Clock, utc_now
from service.desk.messages import find_case
from service.desk.playbooks.versions import Playbooks
from service.domain.case import Case
from service.domain.event import EventKind
from service.domain.limits import MAX_VALUE_CHARS
from service.domain.playbook import Playbook
from service.domain.team import LEVELS, Escalation, level_of
from service.errors import ConflictError, FieldProblem, MissingError, RefusedError
from service.storage import cases, teams
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record
from service.storage.ids import new_id

NO_COMMENT = FieldProblem("comment", "say why, for those who go on with it", "no_comment")


class Levels:
    """Each verb sees the messages of `accounts` only (None: of all)."""

    def __init__(self, database: Database, playbooks: Playbooks, clock: Clock = utc_now) -> None:
        self._database = database
        self._playbooks = playbooks
        self._clock = clock

    async def level(self, case: Case) -> tuple[int, int]:
        """The message's level, and the one that its queue gives it."""
        return _levels(case, await self._playbooks.active(case.account))

    async def move(
        self, message_id: str, level: int, by: str, comment: str, accounts: Sequence[str] | None = None
    ) -> Case:
        """Up: the message waits for a team of that level, and nobody has it any more. Down, never below its queue's
        own level: likewise. The level that it is of changes nothing.

        Raises MissingError, RefusedError (no comment, or no such level), ConflictError where it is answered.
        """
        said = comment.strip()
        if not said or len(said) > MAX_VALUE_CHARS:
            raise RefusedError("There is no comment, or it is too long.", (NO_COMMENT,))
        case = await self._database.read(find_case, message_id)
        if accounts is not None and case.account not in accounts:
            raise MissingError("There is no such message.")
        playbook = await self._playbooks.active(case.account)
        return await self._database.write(_move, case.id, level, by, said, playbook, self._clock())

    async def history(self, message_id: str) -> Sequence[Escalation]:
        """Oldest first."""
        return await self._database.read(teams.escalations_of, message_id)


def _move(
    transaction: Transaction, message_id: str, level: int, by: str, comment: str, playbook: Playbook, at: datetime
) -> Case:
    cases.lock(transaction, message_id)
    case = find_case(transaction, message_id)
    now, own = _levels(case, playbook)
    if not own <= level <= LEVELS[-1]:
        problem = FieldProblem("level", f"give {own} to {LEVELS[-1]}", "no_such_level")
        raise RefusedError(f"The message cannot be of level {level}.", (problem,))
    if case.case_state != "open" or case.replied_at is not None:
        raise ConflictError("The message is answered already, or waits for its triage.")
    if level == now:
        return case
    raised = level if level > own else None
    cases.change(transaction, case.id, raised=raised, claimed_by=None, claimed_at=None, updated_at=at)
    told = Escalation(before=now, after=level, by=by, at=at, comment=comment)
    escalation_id = new_id()
    teams.note_escalation(transaction, escalation_id, (case.id, case.account), told)
    kind: EventKind = "case_escalated" if level > now else "case_handed_back"
    change = ({"level": now, "claimed_by": case.claimed_by}, {"level": level, "escalation": escalation_id})
    record(transaction, new_event(kind, case.id, at, case.account, by, *change))
    return find_case(transaction, case.id)


def _levels(case: Case, playbook: Playbook) -> tuple[int, int]:
    harder = {queue.id: queue.level for queue in playbook.queues}
    return level_of(case.queue, case.raised, harder), level_of(case.queue, None, harder)
