"""Records of erasures and purges, and the chores that are done once however many processes there are."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import scrypt
from typing import Any

from sqlalchemy import or_, select, update

from service.domain.event import EventKind
from service.domain.privacy import Erasure, ErasureKind, Todo
from service.storage.database import Transaction
from service.storage.events import new_event, record
from service.storage.ids import new_id
from service.storage.insert import add_row
from service.storage.privacy_lookup import normalised
from service.storage.schema import chores, erasures


def salted(address: str, salt: str = "") -> str:
    """A hash by which whoever has an address can tell whether a record is about it, at the price of scrypt (RFC 7914)
    for each record, and nobody can read the address off it."""
    salt = salt or secrets.token_hex(16)
    return f"{salt}.{scrypt(normalised(address).encode(), salt=salt.encode(), n=2**14, r=8, p=1, dklen=32).hex()}"


def is_about(who: str, address: str) -> bool:
    return bool(who) and salted(address, who.partition(".")[0]) == who


def begin(
    transaction: Transaction, kind: ErasureKind, account: str | None, by: str, at: datetime, address: str = ""
) -> Erasure:
    """A new record; of the same address, the one that was left unfinished."""
    if address:
        for row in transaction.execute(select(erasures).where(erasures.c.rows_done.is_(False))).mappings():
            if row["account"] == account and is_about(row["who"], address):
                return _erasure(row)
    begun = Erasure(id=new_id(), kind=kind, account=account, by=by, at=at)
    values = begun.model_dump() | {"who": salted(address) if address else ""}
    transaction.execute(erasures.insert().values(values))
    event: EventKind = "erasure_begun" if kind == "erasure" else "purge_begun"
    record(transaction, new_event(event, begun.id, at, account, by))
    return begun


def find(transaction: Transaction, erasure_id: str) -> Erasure:
    """Whoever changes it stands in line until the transaction ends."""
    wanted = select(erasures).where(erasures.c.id == erasure_id).with_for_update()
    row = transaction.execute(wanted).mappings().one()
    return _erasure(row)


def note(transaction: Transaction, erasure_id: str, gone: Mapping[str, int], todo: Todo) -> None:
    """So much more is gone, and this is to be done for it."""
    known = find(transaction, erasure_id)
    counts = {name: known.counts.get(name, 0) + gone.get(name, 0) for name in {*known.counts, *gone}}
    settle(transaction, erasure_id, counts=counts, todo=known.todo.and_also(todo).model_dump(mode="json"))


def settle(transaction: Transaction, erasure_id: str, **values: Any) -> None:
    transaction.execute(update(erasures).where(erasures.c.id == erasure_id).values(values))


def finish(transaction: Transaction, erasure_id: str, at: datetime) -> Erasure:
    """Whole, where its rows are gone and nothing is left to do; else as it is."""
    known = find(transaction, erasure_id)
    if not (known.rows_done and known.todo.done) or known.finished_at is not None:
        return known
    settle(transaction, erasure_id, finished_at=at)
    event: EventKind = "data_erased" if known.kind == "erasure" else "data_purged"
    record(transaction, new_event(event, known.id, at, known.account, known.by, after=dict(known.counts)))
    return known.model_copy(update={"finished_at": at})


def unfinished(transaction: Transaction) -> list[Erasure]:
    """Oldest first."""
    wanted = select(erasures).where(erasures.c.finished_at.is_(None)).order_by(erasures.c.id)
    return [_erasure(row) for row in transaction.execute(wanted).mappings()]


def newest(transaction: Transaction, account: str | None, limit: int) -> list[Erasure]:
    wanted = select(erasures).order_by(erasures.c.id.desc()).limit(limit)
    if account is not None:
        wanted = wanted.where(or_(erasures.c.account == account, erasures.c.account.is_(None)))
    return [_erasure(row) for row in transaction.execute(wanted).mappings()]


def take_chore(
    transaction: Transaction, name: str, holder: str, now: datetime, lasting: timedelta, every: timedelta | None = None
) -> bool:
    """Takes the chore; False while somebody else has it, or where it was done less than `every` ago: two that saw it
    due do not both do it. What lies further ahead than it could is of a clock that was wrong, and counts for nothing.
    """
    add_row(transaction, chores, {"name": name})
    wanted = or_(
        chores.c.leased_until.is_(None), chores.c.leased_until < now, chores.c.leased_until > now + 2 * lasting
    )
    if every is not None:
        done = chores.c.done_at
        wanted &= or_(done.is_(None), done <= now - every, done >= now + every)
    held = {"leased_by": holder, "leased_until": now + lasting}
    return transaction.execute(update(chores).where(chores.c.name == name, wanted).values(held)).rowcount == 1


def keep_chore(transaction: Transaction, name: str, holder: str, until: datetime) -> bool:
    """False where it is somebody else's by now."""
    mine = (chores.c.name == name) & (chores.c.leased_by == holder)
    return transaction.execute(update(chores).where(mine).values(leased_until=until)).rowcount == 1


def end_chore(transaction: Transaction, name: str, holder: str, done_at: datetime | None) -> None:
    mine = (chores.c.name == name) & (chores.c.leased_by == holder)
    said = {"done_at": done_at} if done_at is not None else {}
    transaction.execute(update(chores).where(mine).values(leased_by=None, leased_until=None, **said))


def chore_done(transaction: Transaction, name: str) -> datetime | None:
    return transaction.execute(select(chores.c.done_at).where(chores.c.name == name)).scalar_one_or_none()


def chores_done(transaction: Transaction) -> dict[str, datetime]:
    """When each was done last; without those that never were."""
    wanted = select(chores.c.name, chores.c.done_at).where(chores.c.done_at.is_not(None)).order_by(chores.c.name)
    return {row.name: row.done_at for row in transaction.execute(wanted)}


def _erasure(row: Any) -> Erasure:
    return Erasure.model_validate({name: row[name] for name in Erasure.model_fields})
