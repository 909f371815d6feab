"""Canned answers one by one: made, changed, retired and brought back. Two people at once get a conflict, not a loss."""

from collections.abc import Sequence
from datetime import datetime

from service.desk.answers.library import store_answers
from service.desk.clock import utc_now
from service.domain.answers import AnswerRevision, AnswerState, CannedAnswer
from service.domain.event import EventKind
from service.errors import ConflictError, FieldProblem, MissingError
from service.storage import accounts, answers
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record

NO_SUCH_ANSWER = FieldProblem("id", "give the id of one of the canned answers", "no_such_answer")


class AnswerEditing:
    """`revision` is the state that a person started from: where the answer has another one by now, nothing is
    changed, and a ConflictError says so."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self, account: str) -> list[AnswerState]:
        """Retired ones too, in order of id."""
        return await self._database.read(answers.states, account)

    async def get(self, account: str, answer_id: str) -> AnswerState:
        """Raises MissingError."""
        return await self._database.read(found_answer, account, answer_id)

    async def history(self, account: str, answer_id: str) -> list[AnswerRevision]:
        """Newest first."""
        return await self._database.read(answers.revisions, account, answer_id)

    async def add(self, account: str, answer: CannedAnswer, by: str) -> AnswerState:
        """Raises ConflictError where the name is taken, by a retired one too."""
        return await self._database.write(add_answer, account, answer, by, utc_now())

    async def save(self, account: str, answer: CannedAnswer, revision: int, by: str) -> AnswerState:
        """The answer of that id says this from now on; a retired one is in force again. The same again changes
        nothing. Raises MissingError, ConflictError."""
        return await self._database.write(save_answer, account, answer, revision, by, utc_now())

    async def retire(self, account: str, answer_id: str, revision: int, by: str) -> AnswerState:
        """No draft rests on it any more; what rested on it still cites it. Raises MissingError, ConflictError."""
        return await self._database.write(_retire, account, answer_id, revision, by, utc_now())

    async def restore(self, account: str, answer_id: str, wanted: int, revision: int, by: str) -> AnswerState:
        """Says again what it said in its state `wanted`. Raises MissingError, ConflictError."""
        return await self._database.write(_restore, account, answer_id, wanted, revision, by, utc_now())


def found_answer(transaction: Transaction, account: str, answer_id: str) -> AnswerState:
    """Raises MissingError."""
    state = answers.state(transaction, account, answer_id)
    if state is None:
        raise MissingError("There is no such canned answer.", (NO_SUCH_ANSWER,))
    return state


def add_answer(transaction: Transaction, account: str, answer: CannedAnswer, by: str, now: datetime) -> AnswerState:
    accounts.lock(transaction, account)
    if answers.state(transaction, account, answer.id) is not None:
        problem = FieldProblem("id", "choose another name", "answer_taken")
        raise ConflictError("A canned answer has that name already.", (problem,))
    return _put(transaction, account, answer, None, "answer_added", by, now)


def save_answer(
    transaction: Transaction, account: str, answer: CannedAnswer, revision: int, by: str, now: datetime
) -> AnswerState:
    before = _held(transaction, account, answer.id, revision)
    if before.answer == answer and before.retired_at is None:
        return before
    return _put(transaction, account, answer, before, "answer_changed", by, now)


def _retire(
    transaction: Transaction, account: str, answer_id: str, revision: int, by: str, now: datetime
) -> AnswerState:
    before = _held(transaction, account, answer_id, revision)
    if before.retired_at is not None:
        return before
    return _put(transaction, account, None, before, "answer_retired", by, now)


def _restore(
    transaction: Transaction, account: str, answer_id: str, wanted: int, revision: int, by: str, now: datetime
) -> AnswerState:
    before = _held(transaction, account, answer_id, revision)
    then = next((one for one in answers.revisions(transaction, account, answer_id) if one.revision == wanted), None)
    if then is None:
        raise MissingError("The canned answer never had that state.", (NO_SUCH_ANSWER,))
    if before.answer == then.answer and before.retired_at is None:
        return before
    return _put(transaction, account, then.answer, before, "answer_restored", by, now)


def _held(transaction: Transaction, account: str, answer_id: str, revision: int) -> AnswerState:
    """Nobody else changes it until the transaction ends."""
    accounts.lock(transaction, account)
    state = found_answer(transaction, account, answer_id)
    if state.revision != revision:
        problem = FieldProblem("revision", "look at what it says now, then save again", "answer_overtaken")
        raise ConflictError(f"{state.updated_by} has changed the canned answer meanwhile.", (problem,))
    return state


def _put(
    transaction: Transaction,
    account: str,
    answer: CannedAnswer | None,
    before: AnswerState | None,
    kind: EventKind,
    by: str,
    now: datetime,
) -> AnswerState:
    """Writes the library with this answer instead of the one before, and the event. Its words are not in the event:
    they may have to be forgotten, and stand in the answer's own history."""
    answer_id = answer.id if answer else before.answer.id if before else ""
    library: Sequence[CannedAnswer] = [one for one in answers.library(transaction, account) if one.id != answer_id]
    store_answers(transaction, account, [*library, answer] if answer else library, by, now)
    after = found_answer(transaction, account, answer_id)
    told = _told(before, after)
    record(transaction, new_event(kind, answer_id, now, account, by, *told))
    return after


def _told(before: AnswerState | None, after: AnswerState) -> tuple[dict[str, object] | None, dict[str, object]]:
    new = after.answer.model_dump(mode="json")
    old = before.answer.model_dump(mode="json") if before else {}
    fields = [name for name in new if new[name] != old.get(name)] if before else []
    plain = ("queue", "language", "audience", "valid_from", "valid_until")
    said: dict[str, object] = {name: new[name] for name in plain if name in fields or not before}
    said |= {"revision": after.revision, "retired": after.retired_at is not None}
    if before is None:
        return None, said
    was: dict[str, object] = {name: old[name] for name in plain if name in fields}
    was |= {"revision": before.revision, "retired": before.retired_at is not None}
    return was, said | {"fields": fields}
