"""The append-only history."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from service.domain.event import COUNTED, Event, EventKind
from service.domain.message import Message
from service.domain.moment import in_utc
from service.storage.database import Transaction
from service.storage.ids import new_id
from service.storage.prepared import Prepared
from service.storage.schema import events, uncounted

_ADD = Prepared(lambda _: insert(events), events.c.keys())
_COUNT = Prepared(lambda _: insert(uncounted), uncounted.c.keys())


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


def received(message_id: str, message: Message, at: datetime, trace: str = "") -> dict[str, Any]:
    """That the message came in: with what the figures are counted by, which outlives the message, and the traceparent
    of the call that it came in with, where there is one. A time to come counts as now."""
    told = {"channel": message.channel, "received_at": in_utc(min(message.received_at, at)).isoformat()}
    if trace:
        told["traceparent"] = trace
    return new_event("message_received", message_id, at, message.account, after=told)


def record(transaction: Transaction, *happened: dict[str, Any]) -> None:
    """What is counted waits for it, in the same transaction."""
    _ADD.run_many(transaction, happened)
    counted = [{"event_id": one["id"], "subject": one["subject"]} for one in happened if one["kind"] in COUNTED]
    _COUNT.run_many(transaction, counted)


def came_with(transaction: Transaction, message_id: str) -> str:
    """The traceparent that was kept when the message came in; empty where none was."""
    first = select(events.c.after).where(events.c.subject == message_id).order_by(events.c.id).limit(1)
    told: dict[str, Any] | None = transaction.execute(first).scalar_one_or_none()
    return str((told or {}).get("traceparent", ""))


def history(transaction: Transaction, subject: str) -> list[Event]:
    """What was done to it, oldest first."""
    return _read(
        transaction.execute(select(events).where(events.c.subject == subject).order_by(events.c.id)).mappings()
    )


def _read(rows: Iterable[Any]) -> list[Event]:
    return [Event(**row) for row in rows]
