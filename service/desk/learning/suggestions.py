"""Suggestions for the playbook and for recorded labels: made, listed, decided by a lead."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal, Protocol

from service.desk.answers.accepting import WRITTEN, write_answer
from service.desk.answers.passages import lesson_passages
from service.desk.answers.suggesting import AnswerGround
from service.desk.clock import Clock, utc_now
from service.desk.intake.flights import Flights
from service.desk.learning.suggesting import Ground
from service.desk.learning.teaching import Said
from service.desk.playbooks.versions import Playbooks
from service.domain.answers import CannedAnswer
from service.domain.collections import confirmed_of
from service.domain.event import EventKind
from service.domain.playbook import Keyword, Playbook
from service.domain.suggestion import Suggestion, SuggestionEntry, SuggestionKind, SuggestionState
from service.errors import ConflictError, FieldProblem, MissingError, RefusedError
from service.log import Said as Logged
from service.log import code, code_of, log
from service.playbooks.keyword_edit import with_keyword
from service.storage import accounts, answer_uses, answers, confirmed, passages, refits, replies, reuses, suggestions
from service.storage.confirmed import Lesson
from service.storage.database import Database, Transaction
from service.storage.events import history, new_event, record

Settled = Literal["accepted", "refused", "kept", "changed"]
Find = Callable[[Ground], Sequence[Suggestion]]
FindAnswers = Callable[[AnswerGround], Sequence[Suggestion]]

EVENTS: dict[Settled, EventKind] = {
    "accepted": "suggestion_accepted",
    "refused": "suggestion_refused",
    "kept": "label_kept",
    "changed": "label_changed",
}
LABEL: tuple[Settled, ...] = ("kept", "changed")
OTHER: tuple[Settled, ...] = ("accepted", "refused")
WEEK = timedelta(days=7)


class Draft(Protocol):
    """Adds a drafted sentence to some suggestions (`service.desk.learning.settling`)."""

    async def __call__(
        self, playbook: Playbook, found: Sequence[Suggestion], lessons: Sequence[Lesson]
    ) -> Sequence[Suggestion]: ...


class Suggestions:
    """`find` makes them (`service.desk.learning.suggesting`), and `find_answers` those about canned answers; run in a
    thread, once at a time for an account. `draft` asks a model for sentences, where one is set."""

    def __init__(
        self,
        database: Database,
        playbooks: Playbooks,
        find: Find,
        clock: Clock = utc_now,
        draft: Draft | None = None,
        find_answers: FindAnswers | None = None,
    ) -> None:
        self._database = database
        self._playbooks = playbooks
        self._find = find
        self._clock = clock
        self._draft = draft
        self._find_answers = find_answers
        self._flights: Flights[list[SuggestionEntry]] = Flights()
        self._begun: dict[str, asyncio.Task[object]] = {}

    async def make(self, account: str, since: timedelta | None = WEEK) -> list[SuggestionEntry]:
        """Anew, from the corrections of the last while (None: from all that the voters miss) and all confirmed
        messages; they stand instead of the open ones of before. What was decided does not come back.

        Raises MissingError for an account without a playbook.
        """
        return await self._flights.join((account, since), lambda: self._made(account, since))

    def begin(self, account: str, since: timedelta | None = WEEK) -> None:
        """Makes them without anybody waiting for it; `searching` tells until they are there."""
        if account not in self._begun:
            task: asyncio.Task[object] = asyncio.create_task(self.make(account, since))
            self._begun[account] = task
            task.add_done_callback(lambda done: self._ended(account, done))

    def searching(self, account: str) -> bool:
        return account in self._begun

    def _ended(self, account: str, task: asyncio.Task[object]) -> None:
        del self._begun[account]
        if not task.cancelled() and (error := task.exception()) is not None:
            log(Logged.SUGGESTING_FAILED, account=code(account), cause=code_of(error))

    async def _made(self, account: str, since: timedelta | None) -> list[SuggestionEntry]:
        playbook = await self._playbooks.active(account)
        now = self._clock()
        ground = await self._database.read(_ground, playbook, now - since if since is not None else None)
        found = await asyncio.to_thread(self._find, ground)
        if self._draft is not None:
            found = await self._draft(playbook, found, ground.lessons)
        if self._find_answers is not None:
            known = await self._database.read(_answer_ground, playbook, ground.library, now)
            found = [*found, *await asyncio.to_thread(self._find_answers, known)]
        entries = [SuggestionEntry(account=account, suggestion=one, made_at=now) for one in found]
        return await self._database.write(_keep, account, entries)

    async def list(
        self, account: str, kind: SuggestionKind | None = None, state: SuggestionState | None = "open"
    ) -> list[SuggestionEntry]:
        """As they were last made, the best of each kind first; `state` None: whatever was said to them."""
        found = await self._database.read(suggestions.entries, account)
        return [one for one in found if kind in {None, one.suggestion.kind} and state in {None, one.state}]

    async def settle(
        self,
        account: str,
        suggestion_id: str,
        settled: Settled,
        by: str,
        queue: str | None = None,
        activate: bool = False,
        comment: str = "",
    ) -> SuggestionEntry:
        """A lead's word, with why where he likes. An accepted canned answer, new or changed, is written into the
        library. An accepted keyword is written into a new version of the playbook, which is put in force only where
        that is asked for. A label is `kept`, or `changed` to the queue named, else to the one suggested: the confirmed
        message is learned from under it. Whatever was settled does not come back. The same again changes nothing.

        Raises MissingError, RefusedError for a word that is not for this kind, ConflictError where it was settled
        otherwise, or the playbook has no such queue any more.
        """
        playbook = await self._playbooks.active(account)
        entry = await self._database.read(_found, account, suggestion_id)
        _check(entry.suggestion, settled, queue, playbook)
        if entry.state == "open" and settled == "accepted" and entry.suggestion.kind == "keyword":
            version = await self._written(playbook, entry.suggestion, by, activate)
            said = {"base_version": version if activate else playbook.version, "playbook_version": version}
        else:
            said = {}
        target = queue or entry.suggestion.other or ""
        return await self._database.write(_settle, entry, settled, Said(by, self._clock(), comment), said, target)

    async def reopen(self, account: str, suggestion_id: str, by: str) -> SuggestionEntry:
        """Takes a lead's word back: a label is recorded as before, and what was refused, or only seen to, waits again.

        Raises MissingError, ConflictError for what made a version of the playbook or a canned answer: those have
        their own way back, and for a label that is another one by now.
        """
        return await self._database.write(_reopen, account, suggestion_id, Said(by, self._clock()))

    async def _written(self, playbook: Playbook, suggestion: Suggestion, by: str, activate: bool) -> str:
        """Onto what was accepted before and waits to be activated."""
        account = playbook.account
        base = await self._database.read(suggestions.grown_from, account, playbook.version)
        files = await self._playbooks.export(account, base or playbook.version)
        file = f"queues/{suggestion.queue}.yaml"
        keyword = Keyword(expression=suggestion.expression, weight=suggestion.weight)
        changed = {**files, file: with_keyword(files[file], keyword, file)}
        kept = await (self._playbooks.import_ if activate else self._playbooks.keep)(changed, by)
        return kept.version


def _ground(transaction: Transaction, playbook: Playbook, since: datetime | None) -> Ground:
    account = playbook.account
    return Ground(
        playbook=playbook,
        lessons=confirmed.lessons(transaction, account),
        library=answers.library(transaction, account),
        corrected=None if since is None else suggestions.corrected(transaction, account, since),
    )


def _answer_ground(
    transaction: Transaction, playbook: Playbook, library: Sequence[CannedAnswer], now: datetime
) -> AnswerGround:
    account = playbook.account
    return AnswerGround(
        playbook=playbook,
        library=library,
        sent=[*replies.sent(transaction, account)],
        edits=answer_uses.edits(transaction, account),
        uses=answer_uses.uses(transaction, account),
        today=now.date(),
    )


def _keep(transaction: Transaction, account: str, entries: Sequence[SuggestionEntry]) -> list[SuggestionEntry]:
    accounts.lock(transaction, account)
    suggestions.replace_open(transaction, account, entries)
    return [one for one in suggestions.entries(transaction, account) if one.state == "open"]


def _found(transaction: Transaction, account: str, suggestion_id: str) -> SuggestionEntry:
    entry = suggestions.find(transaction, account, suggestion_id)
    if entry is None:
        problem = FieldProblem("id", "give the id of one of the list of suggestions, or make them anew")
        raise MissingError("There is no such suggestion.", (problem,))
    return entry


def _check(suggestion: Suggestion, settled: Settled, queue: str | None, playbook: Playbook) -> None:
    allowed = LABEL if suggestion.kind == "label" else OTHER
    if settled not in allowed:
        problem = FieldProblem("decision", f"say {' or '.join(allowed)} of a {suggestion.kind}")
        raise RefusedError(f"A {suggestion.kind} cannot be {settled}.", (problem,))
    if queue is not None and (settled != "changed" or queue not in playbook.queue_ids):
        problem = FieldProblem("queue", "leave it out, or name one of the playbook's for a label that is changed")
        raise RefusedError(f"{queue!r} is not wanted here.", (problem,))
    named = suggestion.queue if settled == "accepted" and suggestion.kind in {"keyword", "answer"} else None
    named = (queue or suggestion.other) if settled == "changed" else named
    if named is not None and named not in playbook.queue_ids:
        problem = FieldProblem("id", "make the suggestions anew")
        raise ConflictError(f"The playbook has no queue {named} any more.", (problem,))


def _settle(
    transaction: Transaction, entry: SuggestionEntry, settled: Settled, said: Said, made: dict[str, str], queue: str
) -> SuggestionEntry:
    account, suggestion = entry.account, entry.suggestion
    accounts.lock(transaction, account)
    now = _found(transaction, account, suggestion.id)
    if now.state == settled:
        return now
    if now.state != "open":
        problem = FieldProblem("decision", "a suggestion is settled once; mend the playbook or the label itself")
        raise ConflictError(f"The suggestion was {now.state} by {now.decided_by}.", (problem,))
    about: dict[str, str] = {"kind": suggestion.kind, **made}
    if suggestion.kind == "label":
        about["message"] = suggestion.messages[0]
        if settled == "changed":
            _relabel(transaction, account, suggestion.messages, suggestion.queue, queue, said)
            about["queue"] = queue
    if settled == "accepted" and suggestion.kind in WRITTEN:
        answer = about["answer"] = write_answer(transaction, account, suggestion, said.by, said.at)
        senders = reuses.senders(transaction, suggestion.messages, answer if suggestion.kind == "answer_edit" else None)
        reuses.add_authors(transaction, account, answer, senders, said.at)
    suggestions.decide(
        transaction,
        account,
        suggestion.id,
        state=settled,
        decided_by=said.by,
        decided_at=said.at,
        comment=said.comment,
        **made,
    )
    before = {"queue": suggestion.queue}
    record(transaction, new_event(EVENTS[settled], suggestion.id, said.at, account, said.by, before, about))
    return _found(transaction, account, suggestion.id)


def _reopen(transaction: Transaction, account: str, suggestion_id: str, said: Said) -> SuggestionEntry:
    accounts.lock(transaction, account)
    entry = _found(transaction, account, suggestion_id)
    suggestion = entry.suggestion
    if entry.state == "open":
        return entry
    if entry.state == "accepted" and suggestion.kind in {"keyword", *WRITTEN}:
        problem = FieldProblem("id", "bring back the version before, of the playbook or of the answer", "written")
        raise ConflictError("What was accepted is written by now.", (problem,))
    if entry.state == "changed":
        told = [one for one in history(transaction, suggestion.id) if one.kind == "label_changed"]
        now = (told[-1].after or {}).get("queue", "") if told else ""
        _relabel(transaction, account, suggestion.messages, now, suggestion.queue, said)
    waits = {"state": "open", "decided_by": None, "decided_at": None, "comment": None}
    suggestions.decide(transaction, account, suggestion.id, **waits)
    before, after = ({"kind": suggestion.kind, "state": state} for state in (entry.state, "open"))
    record(transaction, new_event("suggestion_reopened", suggestion.id, said.at, account, said.by, before, after))
    return _found(transaction, account, suggestion.id)


def _relabel(transaction: Transaction, account: str, ids: Sequence[str], was: str, queue: str, said: Said) -> None:
    """The confirmed message is learned from under that queue; the message stays where it was worked on."""
    known = confirmed.lessons(transaction, account, ids)
    if not known or known[0].confirmed.queue != was:
        problem = FieldProblem("id", "make the suggestions anew", "label_moved")
        raise ConflictError("The confirmed message is not recorded under that queue any more.", (problem,))
    one = known[0].confirmed
    others = tuple(other for other in one.secondary if other != queue)
    lesson = replace(known[0], confirmed=one.model_copy(update={"queue": queue, "secondary": others}), by=said.by)
    confirmed.put(transaction, account, [lesson], said.at)
    passages.put(transaction, confirmed_of(account), lesson_passages([lesson]))
    refits.count_change(transaction, account, said.at)
