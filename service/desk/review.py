"""What an advisor says about a triaged message: the right queue, and the reply that was sent."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from service.desk.clock import Clock, utc_now
from service.desk.confirmed import Prepare
from service.desk.messages import find_case
from service.desk.passages import lesson_passages
from service.desk.playbooks import Playbooks
from service.domain.case import Case
from service.domain.collections import confirmed_of
from service.domain.confirmed import Confirmed
from service.domain.event import EventKind
from service.domain.message import Message
from service.domain.redacted import Redacted
from service.errors import ConflictError, FieldProblem, RefusedError
from service.storage import cases, confirmed, messages, passages, replies
from service.storage.confirmed import Lesson, Source
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record


@dataclass(frozen=True, slots=True)
class Said:
    """By whom, when, and, if they like, why. The comment is kept where it can be erased, not in an event."""

    by: str
    at: datetime
    comment: str = ""


class Review:
    """Each verb takes `account` as `Messages` does."""

    def __init__(self, database: Database, playbooks: Playbooks, prepare: Prepare, clock: Clock = utc_now) -> None:
        self._database = database
        self._playbooks = playbooks
        self._prepare = prepare
        self._clock = clock

    async def correct(
        self, message_id: str, queue: str, by: str, comment: str = "", account: str | None = None
    ) -> Case:
        """Puts the message into that queue, and confirms it: the next message finds it among its neighbours.

        Naming the queue that it is in confirms it too. Raises MissingError, RefusedError for a queue that
        the playbook does not have, ConflictError while the message waits for its triage.
        """
        case, message = await self._database.read(_reviewed, message_id, account)
        playbook = await self._playbooks.active(case.account)
        if queue not in playbook.queue_ids:
            problem = FieldProblem("queue", "name one of the playbook's: " + ", ".join(playbook.queue_ids))
            raise RefusedError(f"There is no queue {queue!r}.", (problem,))
        redacted = await asyncio.to_thread(self._prepare, message, playbook)
        said = Said(by, self._clock(), comment)
        return await self._database.write(_correct, case.id, queue, message, redacted, said)

    async def record_reply(
        self, message_id: str, text: str, by: str, sent_at: datetime | None = None, account: str | None = None
    ) -> Case:
        """Keeps the text that a person sent. A message that was answered in its queue is confirmed by that,
        unless somebody confirmed it already. The same text again changes nothing.

        Raises MissingError, ConflictError while the message waits for its triage.
        """
        case, message = await self._database.read(_reviewed, message_id, account)
        playbook = await self._playbooks.active(case.account)
        redacted = await asyncio.to_thread(self._prepare, message, playbook)
        now = self._clock()
        return await self._database.write(_reply, case.id, (text, sent_at or now), message, redacted, Said(by, now))


def _reviewed(transaction: Transaction, message_id: str, account: str | None) -> tuple[Case, Message]:
    case = find_case(transaction, message_id, account)
    message = messages.load(transaction, case.id)
    assert message is not None  # noqa: S101 - the case was read from its row, in the same transaction
    if case.case_state is None:
        raise ConflictError("The message still waits for its triage; try again when it has one.")
    return case, message


def _correct(
    transaction: Transaction, message_id: str, queue: str, message: Message, redacted: Redacted, said: Said
) -> Case:
    cases.lock(transaction, message_id)
    before = find_case(transaction, message_id)
    if before.queue == queue and before.corrected_by == said.by:
        return before
    cases.change(transaction, message_id, queue=queue, corrected_by=said.by, corrected_at=said.at, updated_at=said.at)
    kind: EventKind = "queue_confirmed" if before.queue == queue else "queue_corrected"
    change = ({"queue": before.queue}, {"queue": queue})
    record(transaction, new_event(kind, message_id, said.at, before.account, said.by, *change))
    _confirm(transaction, before, queue, (), message, redacted, said, "correction")
    return find_case(transaction, message_id)


def _reply(
    transaction: Transaction,
    message_id: str,
    reply: tuple[str, datetime],
    message: Message,
    redacted: Redacted,
    said: Said,
) -> Case:
    text, sent_at = reply
    cases.lock(transaction, message_id)
    case = find_case(transaction, message_id)
    reply_id = replies.add(transaction, message_id, text, said.by, sent_at, said.at)
    if reply_id is None:
        return case
    cases.change(transaction, message_id, replied_at=sent_at, updated_at=said.at)
    record(
        transaction, new_event("reply_recorded", message_id, said.at, case.account, said.by, after={"reply": reply_id})
    )
    known = confirmed.source(transaction, case.account, message.external_id or message_id)
    if case.queue is not None and known is None:
        _confirm(transaction, case, case.queue, _kept_answers(case, text), message, redacted, said, "reply")
    return find_case(transaction, message_id)


def _confirm(
    transaction: Transaction,
    case: Case,
    queue: str,
    answers: tuple[str, ...],
    message: Message,
    redacted: Redacted,
    said: Said,
    source: Source,
) -> None:
    triage = case.triage
    one = Confirmed(
        message=message.model_copy(update={"external_id": message.external_id or case.id}),
        queue=queue,
        secondary=tuple(other for other in triage.secondary if other != queue) if triage else (),
        flags=triage.flags if triage else (),
        answers=answers,
        language=redacted.language,
    )
    lesson = Lesson(one, redacted, source, said.by, said.comment)
    confirmed.put(transaction, case.account, [lesson], said.at)
    passages.put(transaction, confirmed_of(case.account), lesson_passages([lesson]))


def _kept_answers(case: Case, text: str) -> tuple[str, ...]:
    """The draft's canned answers, where the draft was sent as it stood."""
    draft = case.triage.draft if case.triage else None
    return draft.answers if draft and draft.body.split() == text.split() else ()
