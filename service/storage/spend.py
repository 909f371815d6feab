"""What models cost, by day, kept across restarts and processes."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from service.domain.moment import day_of
from service.storage.database import Database, Transaction
from service.storage.insert import add_row
from service.storage.schema import spend


def _now() -> datetime:
    return datetime.now(UTC)


_EVERYBODY = ""
"""The account that is charged: the budget is one for all."""


class StoredLedger:
    """A `service.ports.Ledger`: one sum for all processes on the database. A day begins at midnight in Paris."""

    def __init__(self, database: Database, now: Callable[[], datetime] = _now) -> None:
        self._database = database
        self._now = now

    async def today(self) -> float:
        return await self._database.glance(spent, day_of(self._now()))

    async def add(self, cost_usd: float) -> None:
        await self._database.write(add, day_of(self._now()), cost_usd)


def spent(transaction: Transaction, day: date) -> float:
    wanted = select(spend.c.cost_usd).where(spend.c.account == _EVERYBODY, spend.c.day == day)
    return transaction.execute(wanted).scalar_one_or_none() or 0.0


def add(transaction: Transaction, day: date, cost_usd: float) -> None:
    row: dict[str, Any] = {"account": _EVERYBODY, "day": day, "calls": 1, "cost_usd": cost_usd}
    if add_row(transaction, spend, row):
        return
    today = (spend.c.account == _EVERYBODY) & (spend.c.day == day)
    more = {"calls": spend.c.calls + 1, "cost_usd": spend.c.cost_usd + cost_usd}
    transaction.execute(spend.update().where(today).values(more))
