"""What is known of each account's refits: lessons that no fit has seen, who fits, what came of the last try."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, literal, or_, select, update

from service.storage.database import Transaction
from service.storage.insert import add_row
from service.storage.schema import refits


@dataclass(frozen=True, slots=True)
class RefitState:
    """`changes` lessons wait, the oldest since `changed_at`. `wanted_by` asked for a fit; `held_by` keeps the
    version in force. `outcome` is the last try's, `failures` how many failed since one did not."""

    account: str
    changes: int = 0
    changed_at: datetime | None = None
    wanted_by: str | None = None
    held_by: str | None = None
    held_at: datetime | None = None
    leased_by: str | None = None
    leased_until: datetime | None = None
    tried_at: datetime | None = None
    outcome: str = ""
    failures: int = 0


def state(transaction: Transaction, account: str) -> RefitState:
    row = transaction.execute(select(refits).where(refits.c.account == account)).mappings().one_or_none()
    return RefitState(**row) if row else RefitState(account)


def count_change(transaction: Transaction, account: str, at: datetime, count: int = 1) -> None:
    """So many more lessons wait for a fit."""
    since = func.coalesce(refits.c.changed_at, literal(at, refits.c.changed_at.type))
    _set(transaction, account, changes=refits.c.changes + count, changed_at=since)


def want(transaction: Transaction, account: str, by: str) -> None:
    """A person asks for a fit: it ends a hold."""
    _set(transaction, account, wanted_by=by, held_by=None, held_at=None, failures=0)


def hold(transaction: Transaction, account: str, by: str, at: datetime) -> None:
    """Nothing is put in force without a person, until one lets go."""
    _set(transaction, account, held_by=by, held_at=at, wanted_by=None)


def let_go(transaction: Transaction, account: str) -> None:
    _set(transaction, account, held_by=None, held_at=None)


def lease(transaction: Transaction, account: str, holder: str, now: datetime, lasting: timedelta) -> bool:
    """Takes the account's fit; False while somebody else has it."""
    free = or_(refits.c.leased_until.is_(None), refits.c.leased_until < now)
    taken = update(refits).where(refits.c.account == account, free)
    held = {"leased_by": holder, "leased_until": now + lasting}
    return transaction.execute(taken.values(held)).rowcount == 1


def renew(transaction: Transaction, account: str, holder: str, until: datetime) -> bool:
    """False where the lease is somebody else's by now."""
    mine = (refits.c.account == account) & (refits.c.leased_by == holder)
    return transaction.execute(update(refits).where(mine).values(leased_until=until)).rowcount == 1


def give_back(transaction: Transaction, account: str, holder: str) -> None:
    mine = (refits.c.account == account) & (refits.c.leased_by == holder)
    transaction.execute(update(refits).where(mine).values(leased_by=None, leased_until=None))


def tried(transaction: Transaction, account: str, outcome: str, seen: int, at: datetime) -> None:
    """A fit that saw `seen` of the waiting lessons ended; what came in meanwhile waits on."""
    left = case((refits.c.changes > seen, refits.c.changes - seen), else_=0)
    since = case((refits.c.changes > seen, literal(at, refits.c.changed_at.type)), else_=None)
    done = {"changes": left, "changed_at": since, "wanted_by": None}
    _set(transaction, account, outcome=outcome, tried_at=at, failures=0, **done)


def failed(transaction: Transaction, account: str, outcome: str, at: datetime) -> None:
    """Its lessons wait on."""
    _set(transaction, account, outcome=outcome, tried_at=at, failures=refits.c.failures + 1, wanted_by=None)


def _set(transaction: Transaction, account: str, **values: Any) -> None:
    add_row(transaction, refits, {"account": account, "changes": 0, "outcome": "", "failures": 0})
    transaction.execute(update(refits).where(refits.c.account == account).values(values))
