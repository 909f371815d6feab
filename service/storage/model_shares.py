"""How the processes on one database share the calls to the model: leased shares of what may be in flight, and one
token bucket for the calls of a minute (Turner, "New directions in communications", 1986)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, or_, select, update

from service.storage.database import Transaction
from service.storage.insert import add_row, put_rows
from service.storage.schema import model_pace, model_shares

MODEL = "model"
BURST = 0.1
"""Of a minute's calls that may come at once: with what flows in meanwhile, no minute sees more than its number."""


@dataclass(frozen=True, slots=True)
class Limits:
    """0: no bound."""

    at_once: int = 0
    per_minute: int = 0

    @property
    def burst(self) -> float:
        return max(1.0, BURST * self.per_minute)

    @property
    def per_s(self) -> float:
        return max(self.per_minute - self.burst, 0.5) / 60


@dataclass(frozen=True, slots=True)
class Granted:
    """So many calls should be in flight at most, and so many may begin now; `wait_s`: until another one may."""

    slots: int
    starts: int
    wait_s: float


def share(transaction: Transaction, holder: str, busy: int, waiting: int, limits: Limits, lease: timedelta) -> Granted:
    """Renews the holder's share by what it has in flight (`busy`) and what waits; nothing of both gives it back. One
    that was not renewed within its lease is free again. Holders stand in line for the bucket's row."""
    add_row(transaction, model_pace, {"name": MODEL, "tokens": limits.burst, "at": _now(transaction)})
    pace = transaction.execute(select(model_pace).where(model_pace.c.name == MODEL).with_for_update()).one()
    now = _now(transaction)
    slots = _slots(transaction, holder, busy, waiting, limits.at_once, now, lease)
    starts, wait_s = min(waiting, max(0, slots - busy)), 0.0
    if limits.per_minute:
        passed_s = max(0.0, (now - pace.at).total_seconds())
        tokens = min(limits.burst, pace.tokens + passed_s * limits.per_s)
        starts = min(starts, int(tokens))
        mine = model_pace.c.name == MODEL
        transaction.execute(update(model_pace).where(mine).values(tokens=tokens - starts, at=now))
        wait_s = max(0.0, (1 - (tokens - starts)) / limits.per_s)
    return Granted(slots, starts, wait_s)


def _slots(
    transaction: Transaction, holder: str, busy: int, waiting: int, at_once: int, now: datetime, lease: timedelta
) -> int:
    """Whoever wants more than an equal part gets what the others leave."""
    until = model_shares.c.until
    transaction.execute(delete(model_shares).where(or_(until < now, until > now + 2 * lease)))
    wanted = busy + waiting
    if not wanted:
        transaction.execute(delete(model_shares).where(model_shares.c.holder == holder))
        return 0
    slots = wanted
    if at_once:
        others = transaction.execute(select(model_shares).where(model_shares.c.holder != holder)).all()
        free = max(0, at_once - sum(other.granted for other in others))
        hungry = any(other.wanted > other.granted for other in others)
        slots = min(wanted, free, max(1, at_once // (len(others) + 1)) if hungry else free)
    row = {"holder": holder, "granted": max(busy, slots), "wanted": wanted, "until": now + lease}
    put_rows(transaction, model_shares, [row])
    return slots


def _now(transaction: Transaction) -> datetime:
    """PostgreSQL's clock is the same for every machine; the processes of one SQLite file have one anyway."""
    if transaction.dialect.name == "sqlite":
        return datetime.now(UTC)
    now: datetime = transaction.execute(select(func.clock_timestamp())).scalar_one()
    return now.astimezone(UTC)
