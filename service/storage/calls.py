"""Calls that were booked with customers."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from service.domain.call import Call
from service.storage.database import Transaction
from service.storage.schema import calls


def add(transaction: Transaction, call: Call) -> None:
    transaction.execute(insert(calls).values(call.model_dump()))


def of_message(transaction: Transaction, message_id: str) -> list[Call]:
    """Oldest first."""
    wanted = select(calls).where(calls.c.message_id == message_id).order_by(calls.c.id)
    return [Call(**row) for row in transaction.execute(wanted).mappings()]


def booked_between(transaction: Transaction, by: str, start: datetime, end: datetime) -> list[Call]:
    """That person's calls that touch the stretch of time."""
    touching = (calls.c.starts_at < end) & (calls.c.ends_at > start)
    wanted = select(calls).where(calls.c.state == "booked", calls.c.booked_by == by, touching)
    return [Call(**row) for row in transaction.execute(wanted).mappings()]


def change(transaction: Transaction, call_id: str, **values: Any) -> None:
    transaction.execute(update(calls).where(calls.c.id == call_id).values(values))
