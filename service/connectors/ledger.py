"""The day's spending: kept in memory, for one process that need not remember across restarts, and what is still to be
written down of it."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from service.domain.moment import day_of
from service.errors import BudgetSpentError, UnavailableError
from service.log import Said, code_of, log
from service.ports import Ledger


def _now() -> datetime:
    return datetime.now(UTC)


class MemoryLedger:
    """A `service.ports.Ledger`. A day begins at midnight in Paris."""

    def __init__(self, now: Callable[[], datetime] = _now) -> None:
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
        day = day_of(self._now())
        if day != self._day:
            self._day, self._spent = day, 0.0


class OwingLedger:
    """A `service.ports.Ledger` over another one: what cannot be written down now is written with the next. An answer
    that was paid for counts, whatever becomes of its price."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._owed = 0.0

    async def afford(self, budget_usd: float) -> None:
        """Raises BudgetSpentError once so much was spent today (0: no bound), UnavailableError."""
        if budget_usd and await self.today() >= budget_usd:
            raise BudgetSpentError(f"The day's budget of {budget_usd:g} USD for the model is spent.", retry_after=3600)

    async def today(self) -> float:
        """Raises UnavailableError."""
        return await self._ledger.today() + self._owed

    async def add(self, cost_usd: float) -> None:
        owed, self._owed = self._owed + cost_usd, 0.0
        try:
            await self._ledger.add(owed)
        except UnavailableError as error:
            log(Said.COST_NOT_KEPT, cause=code_of(error))
            self._owed += owed
