"""How far what comes in has moved from what the voters have learned from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from time import monotonic

from service.desk.clock import Clock, utc_now
from service.domain.moment import day_of
from service.learning.shift import Shift, shift
from service.storage import accounts, confirmed, figures
from service.storage.database import Database, Transaction

DAYS = (1, 7)
"""The last whole days that are looked at."""

KEPT_S = 300.0
"""How long an answer is good for: days change slowly, and whoever watches asks every few seconds."""


@dataclass(frozen=True, slots=True)
class MixShift:
    """Of an account's last so many whole days in Paris, against all its confirmed messages. Messages count for the
    queue that they are in by now; those that are in none count for nothing."""

    account: str
    days: int
    shift: Shift


class Mixing:
    """Keeps each answer for five minutes."""

    def __init__(self, database: Database, clock: Clock = utc_now, since: Callable[[], float] = monotonic) -> None:
        self._database = database
        self._clock = clock
        self._since = since
        self._told: tuple[MixShift, ...] = ()
        self._good_until = 0.0

    async def shifts(self) -> tuple[MixShift, ...]:
        """Of every account and range of days of which there is something to say. Raises UnavailableError."""
        if self._since() >= self._good_until:
            self._told = await self._database.read(shifts, day_of(self._clock()))
            self._good_until = self._since() + KEPT_S
        return self._told


def shifts(transaction: Transaction, today: date) -> tuple[MixShift, ...]:
    return tuple(
        MixShift(account, days, found)
        for account in accounts.ids(transaction)
        for days in DAYS
        if (found := shift_of(transaction, account, today - timedelta(days=days), today - timedelta(days=1)))
    )


def shift_of(transaction: Transaction, account: str, first: date, last: date) -> Shift | None:
    rows = figures.along(transaction, account, ("queue",), first, last)
    now = {queue: amount for _, queue, name, amount in rows if name == "received" and queue and amount > 0}
    return shift(confirmed.queues(transaction, account), now)
