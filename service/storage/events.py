"""The append-only history."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from service.domain.event import Event, EventKind
from service.storage.database import Transaction
from service.storage.ids import new_id
from service.storage.schema import events

_ADD = insert(events)


def new_event(
    kind: EventKind,
    subject: str,
    at: datetime,
    account: str | None = None,
    actor: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """A row for `record`. `before` and `after` must hold no customer's words: events cannot be erased."""
    change = {"before": before, "after": after}
    return {"id": new_id(), "at": at, "account": account, "kind": kind, "actor": actor, "subject": subject, **change}


def record(transaction: Transaction, *happened: dict[str, Any]) -> None:
    if happened:
        transaction.execute(_ADD, happened)


def history(transaction: Transaction, subject: str) -> list[Event]:
    """What was done to it, oldest first."""
    return _read(
        transaction.execute(select(events).where(events.c.subject == subject).order_by(events.c.id)).mappings()
    )


def _read(rows: Iterable[Any]) -> list[Event]:
    return [Event(**row) for row in rows]
