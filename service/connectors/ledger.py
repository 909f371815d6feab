"""The day's spending, kept in memory: enough for one process that need not remember across restarts."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def _now() -> datetime:
    return datetime.now(UTC)


class MemoryLedger:
    """A `service.ports.Ledger`. A day begins at midnight of `timezone`."""

    def __init__(self, timezone: str = "Europe/Paris", now: Callable[[], datetime] = _now) -> None:
        self._zone = ZoneInfo(timezone)
        self._now = now
        self._day: date | None = None
        self._spent = 0.0

    async def today(self) -> float:
        self._turn()
        return self._spent

    async def add(self, cost_usd: float) -> None:
        self._turn()
        self._spent += cost_usd

    def _turn(self) -> None:
        day = self._now().astimezone(self._zone).date()
        if day != self._day:
            self._day, self._spent = day, 0.0
