"""What models cost, by day, kept across restarts and processes."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from service.storage.database import Database, Transaction
from service.storage.insert import add_row
from service.storage.schema import spend


def _now() -> datetime:
    return datetime.now(UTC)


class StoredLedger:
    """A `service.ports.Ledger`: one sum for all processes on the database. A day begins at midnight of `timezone`."""

    def __init__(
        self,
        database: Database,
        account: str = "",
        timezone: str = "Europe/Paris",
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._database = database
        self._account = account
        self._zone = ZoneInfo(timezone)
        self._now = now

    async def today(self) -> float:
        return await self._database.glance(spent, self._account, self._day())

    async def add(self, cost_usd: float) -> None:
        await self._database.write(add, self._account, self._day(), cost_usd)

    def _day(self) -> date:
        return self._now().astimezone(self._zone).date()


def spent(transaction: Transaction, account: str, day: date) -> float:
    wanted = select(spend.c.cost_usd).where(spend.c.account == account, spend.c.day == day)
    return transaction.execute(wanted).scalar_one_or_none() or 0.0


def add(transaction: Transaction, account: str, day: date, cost_usd: float) -> None:
    row: dict[str, Any] = {"account": account, "day": day, "calls": 1, "cost_usd": cost_usd}
    if add_row(transaction, spend, row):
        return
    today = (spend.c.account == account) & (spend.c.day == day)
    more = {"calls": spend.c.calls + 1, "cost_usd": spend.c.cost_usd + cost_usd}
    transaction.execute(spend.update().where(today).values(more))
