"""Digests are events about themselves: they are counted once, say nothing of a person, and are never changed."""

from collections.abc import Sequence

from sqlalchemy import select, text

from service.domain.event import Event
from service.storage.database import Transaction
from service.storage.schema import events

TURN = 0x41494744
"""PostgreSQL advisory lock of whoever makes digests; on SQLite the writer's turn is one."""


def take_turn(transaction: Transaction) -> None:
    """Nobody else makes one until the transaction ends."""
    if transaction.dialect.name != "sqlite":
        transaction.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})


def made(transaction: Transaction, subjects: Sequence[str]) -> list[Event]:
    """Those of these subjects that there are."""
    wanted = select(events).where(events.c.subject.in_(subjects), events.c.kind == "digest_made")
    return [Event(**row) for row in transaction.execute(wanted.order_by(events.c.id)).mappings()]
