"""Drafts that were handed over: a CRM may fetch and send them. One version of a message at a time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from service.storage.database import Transaction
from service.storage.insert import put_rows
from service.storage.schema import ready_drafts


@dataclass(frozen=True, slots=True)
class Ready:
    number: int
    by: str
    at: datetime


def find(transaction: Transaction, message_id: str) -> Ready | None:
    wanted = select(ready_drafts.c.number, ready_drafts.c.by, ready_drafts.c.at)
    row = transaction.execute(wanted.where(ready_drafts.c.message_id == message_id)).one_or_none()
    return Ready(*row) if row else None


def mark(transaction: Transaction, message_id: str, ready: Ready) -> None:
    row = {"message_id": message_id, "number": ready.number, "by": ready.by, "at": ready.at}
    put_rows(transaction, ready_drafts, [row])


def unmark(transaction: Transaction, message_id: str) -> None:
    transaction.execute(delete(ready_drafts).where(ready_drafts.c.message_id == message_id))
