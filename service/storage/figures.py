"""The figures by day, and the events that they do not hold yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, literal, select, text, union_all

from service.domain.event import COUNTED
from service.storage import insert
from service.storage.database import Transaction
from service.storage.schema import events, figures, messages, uncounted

TURN = 0x41494655
"""PostgreSQL advisory lock of whoever counts; on SQLite the writer's turn is one."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that is not counted yet."""

    event_id: str
    subject: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event about a message. `channel` and `received_at` are the message's, None where it is gone."""

    id: str
    subject: str
    account: str
    kind: str
    at: datetime
    before: dict[str, Any]
    after: dict[str, Any]
    channel: str | None
    received_at: datetime | None


def take_turn(transaction: Transaction) -> bool:
    """False while another process counts; else nobody else does until the transaction ends."""
    if transaction.dialect.name == "sqlite":
        return True
    return bool(transaction.execute(text("SELECT pg_try_advisory_xact_lock(:turn)"), {"turn": TURN}).scalar_one())


def wait_for_turn(transaction: Transaction) -> None:
    """Nobody counts meanwhile, until the transaction ends."""
    if transaction.dialect.name != "sqlite":
        transaction.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})


def waiting(transaction: Transaction, limit: int) -> list[Waiting]:
    """The oldest events that are not counted."""
    wanted = select(uncounted.c.event_id, uncounted.c.subject).order_by(uncounted.c.event_id).limit(limit)
    return [Waiting(*row) for row in transaction.execute(wanted)]


def histories(transaction: Transaction, batch: Sequence[Waiting]) -> list[Recorded]:
    """All events of the batch's messages that are counted already or are of the batch, oldest first. What others
    record meanwhile is in none of these."""
    columns = [events.c[name] for name in ("id", "subject", "account", "kind", "at", "before", "after")]
    joined = events.outerjoin(uncounted, uncounted.c.event_id == events.c.id)
    joined = joined.outerjoin(messages, messages.c.id == events.c.subject)
    mine = events.c.id.in_([one.event_id for one in batch])
    wanted = select(*columns, messages.c.channel, messages.c.received_at).select_from(joined)
    subjects = events.c.subject.in_(sorted({one.subject for one in batch}))
    known = uncounted.c.event_id.is_(None) | mine
    rows = transaction.execute(wanted.where(subjects, events.c.kind.in_(COUNTED), known).order_by(events.c.id))
    return [
        Recorded(id_, subject, account or "", kind, at, before or {}, after or {}, *message)
        for id_, subject, account, kind, at, before, after, *message in rows
    ]


def add_up(transaction: Transaction, amounts: Mapping[tuple[str, str, date, str, str], float]) -> None:
    """Adds to each cell: account, kind, day, name, value."""
    names = ("account", "kind", "day", "name", "value", "amount")
    rows = [dict(zip(names, (*cell, amount), strict=True)) for cell, amount in sorted(amounts.items())]
    insert.add_up(transaction, figures, rows, "amount")


def settle(transaction: Transaction, batch: Sequence[Waiting]) -> None:
    """The batch is counted."""
    transaction.execute(delete(uncounted).where(uncounted.c.event_id.in_([one.event_id for one in batch])))


def left(transaction: Transaction) -> int:
    """How many events are not counted, up to a thousand."""
    some = select(uncounted.c.event_id).limit(1000).subquery()
    return transaction.execute(select(func.count()).select_from(some)).scalar_one()


def forget(transaction: Transaction) -> None:
    """Nothing is counted, and every event is still to be."""
    transaction.execute(delete(figures))
    transaction.execute(delete(uncounted))
    every = select(events.c.id, events.c.subject).where(events.c.kind.in_(COUNTED))
    transaction.execute(uncounted.insert().from_select(["event_id", "subject"], every))


Row = tuple[str, date, str, str, float]
"""Kind, day, name, value, amount."""


def by_day(transaction: Transaction, account: str, names: Sequence[str], first: date, last: date) -> list[Row]:
    """The totals of these days, both inside."""
    f = figures.c
    wanted = select(f.kind, f.day, f.name, f.value, f.amount).where(f.account == account, f.kind == "total")
    wanted = wanted.where(f.day.between(first, last), f.name.in_(names)).order_by(f.day, f.name, f.value)
    return [tuple(row) for row in transaction.execute(wanted)]


def along(
    transaction: Transaction, account: str, kinds: Sequence[str], first: date, last: date
) -> list[tuple[str, str, str, float]]:
    """Kind, value, name and amount over these days, both inside."""
    f = figures.c
    of_kind = [
        select(f.kind, f.value, f.name, func.sum(f.amount))
        .where(f.account == account, f.kind == literal(kind), f.day.between(first, last))
        .group_by(f.kind, f.value, f.name)
        for kind in kinds
    ]
    return [tuple(row) for row in transaction.execute(union_all(*of_kind))]
