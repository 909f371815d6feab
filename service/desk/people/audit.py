"""What was done, by whom, when, and what changed by it: read in pages, and all of it for an export."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import get_args

from service.desk.messages import checked_page
from service.domain.event import Event, EventKind
from service.storage import audit
from service.storage.audit import Asked
from service.storage.database import Database

__all__ = ["KINDS", "Asked", "Audit", "EventPage"]

KINDS: tuple[str, ...] = get_args(EventKind)

AT_ONCE = 500
"""Events that an export reads at a time."""


@dataclass(frozen=True, slots=True)
class EventPage:
    """Newest first. `next_cursor` is None on the last page."""

    items: tuple[Event, ...]
    next_cursor: str | None


class Audit:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(self, asked: Asked, limit: int = 50, cursor: str | None = None) -> EventPage:
        """Raises RefusedError for a cursor that no page gave, or a limit out of bounds."""
        checked_page(limit, cursor)
        found = await self._database.read(audit.page, asked, limit + 1, cursor)
        items = tuple(found[:limit])
        return EventPage(items, items[-1].id if len(found) > limit else None)

    async def all(self, asked: Asked) -> AsyncIterator[Event]:
        """Newest first, however many: read in turns, so that nothing else waits for it."""
        cursor: str | None = None
        while found := await self._database.read(audit.page, asked, AT_ONCE, cursor):
            for event in found:
                yield event
            cursor = found[-1].id
