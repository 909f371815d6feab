"""Hands a draft over to a CRM: it is marked ready, and the account's webhooks are told. Nothing is sent from here."""

from datetime import datetime

from service.desk.clock import utc_now
from service.desk.messages import find_case
from service.domain.case import Case
from service.domain.event import EventKind
from service.domain.version import DraftVersion
from service.errors import ConflictError, FieldProblem
from service.storage import cases, drafts, ready, webhooks
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record
from service.storage.ready import Ready


class HandingOver:
    """Each verb takes `account` as `Messages` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def hand_over(
        self, message_id: str, by: str, version: int | None = None, account: str | None = None
    ) -> DraftVersion:
        """Marks that version, or the last, as ready in the place of any other. It changes nothing where it is already.

        Raises MissingError, ConflictError where there is no such version or a placeholder is left in it."""
        return await self._database.write(_hand_over, message_id, by, version, account, utc_now())

    async def take_back(self, message_id: str, by: str, account: str | None = None) -> Case:
        """No version of it is ready any more. Raises MissingError."""
        return await self._database.write(_take_back, message_id, by, account, utc_now())


def _hand_over(
    transaction: Transaction, message_id: str, by: str, number: int | None, account: str | None, at: datetime
) -> DraftVersion:
    case = _locked(transaction, message_id, account)
    known = drafts.versions(transaction, case.id)
    version = next((one for one in reversed(known) if number in {None, one.number}), None)
    if version is None:
        problem = FieldProblem("version", "give the number of one of the message's drafts", "no_version")
        raise ConflictError("There is no such version of a draft.", (problem,))
    if version.draft.placeholders_left:
        names = ", ".join(version.draft.placeholders_left)
        problem = FieldProblem("version", "fill them, save, and hand over that version", "placeholders")
        raise ConflictError(f"The draft still has placeholders to fill: {names}.", (problem,))
    if version.ready_at is not None:
        return version
    ready.mark(transaction, case.id, Ready(version.number, by, at))
    _tell(transaction, case, "draft_handed_over", by, at, version.number)
    told = {"id": case.id, "external_id": case.external_id, "queue": case.queue, "version": version.number, "at": at}
    webhooks.announce(transaction, "draft.ready", case.account, (case.id, case.external_id), told, at)
    return version.model_copy(update={"ready_at": at, "ready_by": by})


def _take_back(transaction: Transaction, message_id: str, by: str, account: str | None, at: datetime) -> Case:
    case = _locked(transaction, message_id, account)
    known = ready.find(transaction, case.id)
    if known is not None:
        ready.unmark(transaction, case.id)
        _tell(transaction, case, "draft_taken_back", by, at, known.number)
    return case


def _locked(transaction: Transaction, message_id: str, account: str | None) -> Case:
    case = find_case(transaction, message_id, account)
    cases.lock(transaction, case.id)
    return case


def _tell(transaction: Transaction, case: Case, kind: EventKind, by: str, at: datetime, version: int) -> None:
    record(transaction, new_event(kind, case.id, at, case.account, by, after={"version": version}))
