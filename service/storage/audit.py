"""The append-only history, read page by page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from service.domain.event import Event
from service.storage.database import Transaction
from service.storage.schema import events
from service.storage.schema.work import BY_SOMEBODY, SELDOM

OFTEN = frozenset({"message_triaged", "message_received"})
"""Kinds that an index would be too dear for, and of which there is always one near."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which events. Times: `since` is inside, `until` outside. `accounts` None: all, and what is of no account."""

    kind: str | None = None
    actor: str | None = None
    subject: str | None = None
    accounts: tuple[str, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None


def page(transaction: Transaction, asked: Asked, limit: int, before: str | None = None) -> list[Event]:
    """At most `limit` events before the one of that id, newest first."""
    equal = ((events.c.kind, asked.kind), (events.c.actor, asked.actor), (events.c.subject, asked.subject))
    query = select(events).where(*(column == value for column, value in equal if value is not None))
    if asked.actor:
        query = query.where(BY_SOMEBODY)
    if asked.kind is not None and asked.kind not in OFTEN:
        query = query.where(SELDOM)
    if asked.accounts is not None:
        query = query.where(events.c.account.in_(asked.accounts))
    if asked.since is not None:
        query = query.where(events.c.at >= asked.since)
    if asked.until is not None:
        query = query.where(events.c.at < asked.until)
    if before is not None:
        query = query.where(events.c.id < before)
    rows = transaction.execute(query.order_by(events.c.id.desc()).limit(limit)).mappings()
    return [Event(**row) for row in rows]
