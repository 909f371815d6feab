"""Sign-ins that failed, counted by the hash of a name or of an address."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select, update

from service.storage.database import Transaction
from service.storage.insert import add_row
from service.storage.schema import attempts


def failures(transaction: Transaction, ids: Iterable[str], at: datetime) -> dict[str, tuple[int, datetime]]:
    """How often each failed, and when last. Others who count the same wait until the transaction ends."""
    wanted = sorted(ids)
    for one in wanted:
        add_row(transaction, attempts, {"id": one, "failures": 0, "last_at": at})
    rows = select(attempts).where(attempts.c.id.in_(wanted)).order_by(attempts.c.id).with_for_update()
    return {row.id: (row.failures, row.last_at) for row in transaction.execute(rows)}


def count(transaction: Transaction, attempt_id: str, number: int, at: datetime) -> None:
    transaction.execute(update(attempts).where(attempts.c.id == attempt_id).values(failures=number, last_at=at))


def forgive(transaction: Transaction, attempt_id: str) -> None:
    transaction.execute(delete(attempts).where(attempts.c.id == attempt_id))


def take_back(transaction: Transaction, attempt_id: str) -> None:
    """One failure less."""
    some = (attempts.c.id == attempt_id) & (attempts.c.failures > 0)
    transaction.execute(update(attempts).where(some).values(failures=attempts.c.failures - 1))


def sweep(transaction: Transaction, before: datetime) -> None:
    transaction.execute(delete(attempts).where(attempts.c.last_at < before))
