"""What an advisor says about a triaged message: the right queue and flags, and the reply that was sent."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from service.desk.board.flagging import Flagged, checked, flag
from service.desk.clock import Clock, utc_now
from service.desk.drafts.comparing import compared, shown
from service.desk.learning.confirmed import Prepare
from service.desk.learning.objections import Object
from service.desk.learning.teaching import Heard, Said, lesson_id, teach, unteach
from service.desk.messages import find_case
from service.desk.playbooks.versions import Playbooks
from service.domain.case import Case
from service.domain.correction import CorrectionEntry, Objection
from service.domain.event import EventKind
from service.domain.message import Message
from service.domain.moment import in_utc
from service.domain.playbook import Playbook
from service.domain.redacted import Redacted
from service.errors import ConflictError, FieldProblem, MissingError, RefusedError
from service.storage import cases, confirmed, corrections, drafts, messages, replies, teams, webhooks
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record
from service.storage.ids import new_id
from service.storage.replies import Compared

NO_SUCH_CORRECTION = FieldProblem("id", "give the id of a message's `correction`, or one of the list of corrections")

Observe = Callable[[str, str, bool], None]
"""Counts a correction: the account, whether it is learned or contested, and whether the program had routed there."""


class Review:
    """Each verb takes `account` as `Messages` does. `object_` says what speaks against learning a correction."""

    def __init__(
        self,
        database: Database,
        playbooks: Playbooks,
        prepare: Prepare,
        clock: Clock = utc_now,
        object_: Object | None = None,
        observe: Observe = lambda *_: None,
    ) -> None:
        self._database = database
        self._playbooks = playbooks
        self._prepare = prepare
        self._clock = clock
        self._object = object_
        self._observe = observe

    async def correct(
        self,
        message_id: str,
        queue: str,
        by: str,
        comment: str = "",
        account: str | None = None,
        flags: Sequence[str] | None = None,
    ) -> Case:
        """Puts the message into that queue, and confirms it: the next message finds it among its neighbours.

        Naming the queue that it is in confirms it too. What contradicts the playbook, or many confirmed messages,
        is contested: the message moves, and a lead decides whether it is learned from. `flags`: all that are right,
        where he has looked at them; None: he has not.
        Raises MissingError, RefusedError for a queue or a flag that the playbook does not have, ConflictError while
        the message waits for its triage.
        """
        case, heard, playbook = await self._heard(message_id, account)
        if queue not in playbook.queue_ids:
            problem = FieldProblem("queue", "name one of the playbook's: " + ", ".join(playbook.queue_ids))
            raise RefusedError(f"There is no queue {queue!r}.", (problem,))
        flagged = None if flags is None else checked(Flagged(tuple(flags)), playbook)
        objections = await self._objections(case, heard.redacted, playbook, queue, by)
        said = Said(by, self._clock(), comment)
        case = await self._database.write(_correct, case.id, (queue, flagged), heard, said, objections)
        entry = case.correction
        if entry is not None and entry.at == said.at and entry.queue != entry.before:  # else nothing moved
            routed = case.triage.queue.id if case.triage and case.triage.queue else None
            self._observe(case.account, entry.state, entry.before is not None and entry.before == routed)
        return case

    async def flag(self, message_id: str, flagged: Flagged, by: str, account: str | None = None) -> Case:
        """Says which flags are right. Of a confirmed message it is learned; of another, once somebody says its queue.

        Raises MissingError, RefusedError for a flag that the playbook does not have, ConflictError while the message
        waits for its triage.
        """
        case, _ = await self._database.read(reviewed, message_id, account)
        flagged = checked(flagged, await self._playbooks.active(case.account))
        return await self._database.write(_flag, case.id, flagged, Said(by, self._clock()))

    async def undo(self, correction_id: str, by: str, account: str | None = None) -> Case:
        """Takes a correction back: the message returns to the queue that it was in before, and nothing is learned
        from it but what an earlier correction taught. One that was undone already changes nothing.

        Raises MissingError, ConflictError where the message was corrected again since.
        """
        entry = await self._database.read(find_correction, correction_id, account)
        _, heard, _ = await self._heard(entry.message_id, account)
        return await self._database.write(_undo, entry, heard, Said(by, self._clock()))

    async def record_reply(
        self,
        message_id: str,
        text: str,
        by: str,
        sent_at: datetime | None = None,
        account: str | None = None,
        version: int | None = None,
    ) -> Case:
        """Keeps the text that a person sent, and how it compares with the draft that he was shown: the program's last
        `version`, or the last one up to that number. A message that was answered in its queue is confirmed by that,
        unless somebody said something about its queue already. The same text again changes nothing. A `sent_at` to
        come is kept, and counts as now.

        Raises MissingError, ConflictError while the message waits for its triage.
        """
        case, heard, playbook = await self._heard(message_id, account)
        versions = await self._database.read(drafts.versions, case.id)
        found = await asyncio.to_thread(compared, heard.message, playbook, shown(versions, version), text)
        now = self._clock()
        return await self._database.write(_reply, case.id, (text, sent_at or now), heard, Said(by, now), found)

    async def _heard(self, message_id: str, account: str | None) -> tuple[Case, Heard, Playbook]:
        case, message = await self._database.read(reviewed, message_id, account)
        playbook = await self._playbooks.active(case.account)
        return case, Heard(message, await asyncio.to_thread(self._prepare, message, playbook)), playbook

    async def _objections(
        self, case: Case, redacted: Redacted, playbook: Playbook, queue: str, by: str
    ) -> tuple[Objection, ...]:
        """Of what the voters thought likeliest themselves, only what the playbook says against it."""
        if self._object is None:
            return ()
        found = await self._object(redacted, playbook, queue, by, lesson_id(case))
        thought = case.triage.alternatives[:1] if case.triage else ()
        if any(one.queue == queue for one in thought):
            return tuple(one for one in found if one.kind == "policy")
        return found


def reviewed(transaction: Transaction, message_id: str, account: str | None) -> tuple[Case, Message]:
    """A message that has a triage. Raises MissingError, ConflictError."""
    case = find_case(transaction, message_id, account)
    message = messages.load(transaction, case.id)
    assert message is not None  # noqa: S101 - the case was read from its row, in the same transaction
    if case.case_state is None:
        raise ConflictError("The message still waits for its triage; try again when it has one.")
    return case, message


def find_correction(transaction: Transaction, correction_id: str, account: str | None = None) -> CorrectionEntry:
    """Raises MissingError."""
    entry = corrections.find(transaction, correction_id.lower())
    if entry is None or account not in {None, entry.account}:
        raise MissingError("There is no such correction.", (NO_SUCH_CORRECTION,))
    return entry


def _flag(transaction: Transaction, message_id: str, flagged: Flagged, said: Said) -> Case:
    cases.lock(transaction, message_id)
    return flag(transaction, find_case(transaction, message_id), flagged, said)


def _correct(
    transaction: Transaction,
    message_id: str,
    right: tuple[str, Flagged | None],
    heard: Heard,
    said: Said,
    objections: tuple[Objection, ...],
) -> Case:
    queue, flagged = right
    cases.lock(transaction, message_id)
    before = find_case(transaction, message_id)
    if flagged is not None:
        before = flag(transaction, before, flagged, said)
    if before.queue == queue and before.corrected_by == said.by:
        return before
    cases.change(transaction, message_id, queue=queue, corrected_by=said.by, corrected_at=said.at, updated_at=said.at)
    kind: EventKind = "queue_confirmed" if before.queue == queue else "queue_corrected"
    change = ({"queue": before.queue}, {"queue": queue})
    record(transaction, new_event(kind, message_id, said.at, before.account, said.by, *change))
    entry = _entry(before, queue, said, objections)
    corrections.add(transaction, entry)
    if objections:
        against = {"correction": entry.id, "objections": [one.model_dump(mode="json") for one in objections]}
        contested = new_event("correction_contested", message_id, said.at, before.account, said.by, after=against)
        record(transaction, contested)
    else:
        teach(transaction, before, queue, heard, said, "correction")
    _announce_queue(transaction, before, queue, said, entry.state)
    return find_case(transaction, message_id)


def _announce_queue(transaction: Transaction, before: Case, queue: str | None, said: Said, state: str) -> None:
    """Tells webhooks which queue is in force; neither who said so nor in which words."""
    told = {"id": before.id, "external_id": before.external_id, "queue": queue, "before": before.queue}
    changed = told | {"at": said.at, "state": state}
    webhooks.announce(
        transaction, "message.corrected", before.account, (before.id, before.external_id), changed, said.at
    )


def _entry(case: Case, queue: str, said: Said, objections: tuple[Objection, ...]) -> CorrectionEntry:
    return CorrectionEntry(
        id=new_id(),
        account=case.account,
        message_id=case.id,
        queue=queue,
        before=case.queue,
        by=said.by,
        at=said.at,
        comment=said.comment,
        state="contested" if objections else "learned",
        objections=objections,
    )


def _undo(transaction: Transaction, entry: CorrectionEntry, heard: Heard, said: Said) -> Case:
    cases.lock(transaction, entry.message_id)
    case, entry = find_case(transaction, entry.message_id), find_correction(transaction, entry.id)
    if entry.state == "undone":
        return case
    if not entry.current:
        problem = FieldProblem("id", "undo the message's newest correction first, or correct the message again")
        raise ConflictError("The message was corrected again since.", (problem,))
    earlier = corrections.undo(transaction, entry, said.by, said.at)
    triaged = case.triage.queue.id if case.triage and case.triage.queue else None
    queue = earlier.queue if earlier else triaged
    by, at = (earlier.by, earlier.at) if earlier else (None, None)
    cases.change(transaction, case.id, queue=queue, corrected_by=by, corrected_at=at, updated_at=said.at)
    change = ({"queue": entry.queue}, {"queue": queue, "correction": entry.id})
    record(transaction, new_event("correction_undone", case.id, said.at, case.account, said.by, *change))
    if earlier is not None and earlier.state in {"learned", "accepted"}:
        teach(transaction, case, earlier.queue, heard, Said(earlier.by, said.at, earlier.comment), "correction")
    else:
        unteach(transaction, case, said.at)
    _announce_queue(transaction, case, queue, said, "undone")
    return find_case(transaction, case.id)


def _reply(
    transaction: Transaction,
    message_id: str,
    reply: tuple[str, datetime],
    heard: Heard,
    said: Said,
    found: Compared,
) -> Case:
    text, sent_at = reply
    cases.lock(transaction, message_id)
    case = find_case(transaction, message_id)
    reply_id = replies.add(transaction, message_id, text, said.by, sent_at, said.at)
    if reply_id is None:
        return case
    cases.change(transaction, message_id, replied_at=sent_at, updated_at=said.at)
    message = (message_id, case.account, case.queue)
    counted = min(sent_at, said.at)
    replies.keep_comparison(transaction, reply_id, message, (said.by, counted), found)
    team = teams.id_of_person(transaction, said.by, case.account)
    told = {
        "reply": reply_id,
        **_told(found),
        "sent_at": in_utc(counted).isoformat(),
        **({"team": team} if team else {}),
    }
    record(transaction, new_event("reply_recorded", message_id, said.at, case.account, said.by, after=told))
    about = {"id": case.id, "external_id": case.external_id, "queue": case.queue, "sent_at": sent_at}
    webhooks.announce(transaction, "message.replied", case.account, (case.id, case.external_id), about, said.at)
    silent = case.correction is None and confirmed.source(transaction, case.account, lesson_id(case)) is None
    if case.queue is not None and silent:
        teach(transaction, case, case.queue, heard, said, "reply", _right_answers(found))
    return find_case(transaction, message_id)


def _told(found: Compared) -> dict[str, object]:
    """What an event may say of a comparison: no customer's words."""
    one = found.comparison
    if one is None:
        return {}
    changed = sorted({change.kind for change in one.changes})
    return {"version": one.version, "verdict": one.verdict, "kept": one.kept, "changed": changed}


def _right_answers(found: Compared) -> tuple[str, ...]:
    """The canned answers whose words were sent."""
    return tuple(answer for answer, (fate, _) in found.fates.items() if fate in {"kept", "edited"})
