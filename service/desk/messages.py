"""Reading messages and what became of them."""

from collections.abc import Sequence
from dataclasses import replace

from service.desk.search.candidates import Ids, find_ids
from service.desk.search.seeking import sought
from service.domain.case import Case, Page
from service.domain.event import Event
from service.domain.sought import Sought
from service.errors import FieldProblem, MissingError, RefusedError
from service.storage import cases, events
from service.storage.cases import Filter
from service.storage.database import Database, Transaction

MOST = 200
"""The most cases on one page."""

NO_SUCH = FieldProblem("id", "give the id that triage gave, or one of a list")

ID_CHARS = frozenset("0123456789abcdef-")


class Messages:
    """`account` bounds what is seen: a message of another account is as good as not there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, message_id: str, account: str | None = None) -> Case:
        """Raises MissingError."""
        return await self._database.read(find_case, message_id, account)

    async def list(self, filter_: Filter, limit: int = 50, cursor: str | None = None, search: str = "") -> Page:
        """Newest arrival first. `search`: as people type it; without a word in it, it finds nothing.
        Raises RefusedError for a cursor that no page gave, or a limit out of bounds."""
        checked_page(limit, cursor)
        if search:
            return await self._database.read(_searched, filter_, sought(search), limit, cursor)
        return await self._database.read(cases.page, filter_, limit, cursor)

    async def history(self, message_id: str, account: str | None = None) -> Sequence[Event]:
        """What was done to it, oldest first. Raises MissingError."""
        return await self._database.read(_history, message_id, account)


def checked_page(limit: int, cursor: str | None) -> None:
    """Raises RefusedError for a cursor that no page gave, or a limit out of bounds."""
    if not 1 <= limit <= MOST:
        raise RefusedError("The page cannot be that long.", (FieldProblem("limit", f"give 1 to {MOST}"),))
    if cursor is not None and (len(cursor) != 36 or not set(cursor) <= ID_CHARS):
        problem = FieldProblem("cursor", "give the next_cursor of an earlier page, or none")
        raise RefusedError("The cursor is not one of ours.", (problem,))


def find_case(transaction: Transaction, message_id: str, account: str | None = None) -> Case:
    case = cases.find(transaction, message_id.lower())
    if case is None or account not in {None, case.account}:
        raise MissingError("There is no such message.", (NO_SUCH,))
    return case


def _history(transaction: Transaction, message_id: str, account: str | None) -> list[Event]:
    return events.history(transaction, find_case(transaction, message_id, account).id)


def _searched(transaction: Transaction, filter_: Filter, wanted: Sought, limit: int, cursor: str | None) -> Page:
    if not wanted.terms:
        return Page(items=(), next_cursor=None)

    def following(most: int, after: str | None) -> Ids:
        page = cases.page(transaction, replace(filter_, wanted=wanted), most, after)
        return [one.id for one in page.items], page.next_cursor

    ids, after = find_ids(transaction, wanted, limit, cursor, following)
    return Page(items=tuple(cases.listed(transaction, ids)), next_cursor=after)
