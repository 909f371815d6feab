"""Trials of changed playbooks: asked for, taken with a lease, ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, or_, select, update

from service.domain.proof import Proof, Trial
from service.storage.database import Transaction
from service.storage.schema import trials

Decided = Mapping[str, Sequence[Any]]
"""By external id: the confirmed queue, the queue guessed, how sure, whether it would have been routed."""

_SHOWN = [trials.c[name] for name in Trial.model_fields]


@dataclass(frozen=True, slots=True)
class Changes:
    """What a trial is about: the files that make the version from those of `against`."""

    version: str
    against: str
    files: Mapping[str, str | None]
    edition: str | None = None


def add(transaction: Transaction, trial_id: str, account: str, about: Changes, by: str, at: datetime) -> None:
    said = {"version": about.version, "against": about.against, "changes": dict(about.files), "edition": about.edition}
    begun = {"state": "waiting", "percent": 0, "attempts": 0, "failure": "", "ground": ""}
    row = {"id": trial_id, "account": account, "asked_by": by, "asked_at": at}
    transaction.execute(trials.insert(), row | said | begun)


def find(transaction: Transaction, trial_id: str) -> Trial | None:
    row = transaction.execute(select(*_SHOWN).where(trials.c.id == trial_id)).one_or_none()
    return _trial(row) if row else None


def changes(transaction: Transaction, trial_id: str) -> Changes:
    """The trial must be there."""
    wanted = select(trials.c.version, trials.c.against, trials.c.changes, trials.c.edition)
    return Changes(*transaction.execute(wanted.where(trials.c.id == trial_id)).one())


def of_version(transaction: Transaction, account: str, version: str) -> list[Trial]:
    """Newest first."""
    mine = and_(trials.c.account == account, trials.c.version == version)
    return [_trial(row) for row in transaction.execute(select(*_SHOWN).where(mine).order_by(trials.c.id.desc()))]


def take(transaction: Transaction, holder: str, now: datetime, lasting: timedelta) -> str | None:
    """The oldest trial that waits, or whose holder is taken for dead; now this holder's."""
    dead = and_(trials.c.state == "running", or_(trials.c.leased_until.is_(None), trials.c.leased_until < now))
    due = or_(trials.c.state == "waiting", dead)
    found = transaction.execute(select(trials.c.id).where(due).order_by(trials.c.id).limit(1)).scalar_one_or_none()
    if found is None:
        return None
    held = {"state": "running", "leased_by": holder, "leased_until": now + lasting, "begun_at": now, "percent": 0}
    taken = update(trials).where(trials.c.id == found, due).values(held | {"attempts": trials.c.attempts + 1})
    return found if transaction.execute(taken).rowcount == 1 else None


def renew(transaction: Transaction, trial_id: str, holder: str, until: datetime) -> bool:
    """False where it was cancelled, or is somebody else's by now."""
    return _held(transaction, trial_id, holder, leased_until=until)


def tell(transaction: Transaction, trial_id: str, holder: str, percent: int) -> bool:
    return _held(transaction, trial_id, holder, percent=percent)


def give_back(transaction: Transaction, trial_id: str, holder: str) -> bool:
    """Unfinished: another may take it at once."""
    return _held(transaction, trial_id, holder, state="waiting", leased_by=None, leased_until=None)


def end(transaction: Transaction, /, trial_id: str, holder: str, at: datetime, **said: Any) -> bool:
    """`state`, `failure`, `ground`, `before`, `after`, `proof`."""
    return _held(transaction, trial_id, holder, ended_at=at, leased_by=None, leased_until=None, **said)


def cancel(transaction: Transaction, trial_id: str, at: datetime) -> bool:
    """False where it has ended."""
    mine = and_(trials.c.id == trial_id, trials.c.state.in_(["waiting", "running"]))
    done = {"state": "cancelled", "ended_at": at, "leased_by": None, "leased_until": None}
    return transaction.execute(update(trials).where(mine).values(done)).rowcount == 1


def decided(transaction: Transaction, account: str, version: str, ground: str) -> Decided | None:
    """What another trial found under that version, on the same messages and answers."""
    for name, column in (("against", trials.c.before), ("version", trials.c.after)):
        mine = and_(trials.c.account == account, trials.c[name] == version, trials.c.ground == ground)
        wanted = select(column).where(mine, trials.c.state == "done").order_by(trials.c.id.desc()).limit(1)
        found: Decided | None = transaction.execute(wanted).scalar_one_or_none()
        if found:
            return found
    return None


def forget(transaction: Transaction, account: str, names: Sequence[str]) -> None:
    """No trial of the account names these messages any more."""
    gone = set(names)
    wanted = select(trials.c.id, trials.c.proof).where(trials.c.account == account)
    for trial_id, stored in transaction.execute(wanted).all():
        proof = _without(Proof.model_validate(stored), gone) if stored else None
        left = {"before": None, "after": None, "proof": proof}
        transaction.execute(update(trials).where(trials.c.id == trial_id).values(left))


def _without(proof: Proof, gone: set[str]) -> dict[str, Any]:
    lists = {
        name: tuple(one for one in getattr(proof, name) if one.id not in gone) for name in ("fixed", "broken", "moved")
    }
    return proof.model_copy(update=lists).model_dump(mode="json")


def _held(transaction: Transaction, trial_id: str, holder: str, **values: Any) -> bool:
    mine = and_(trials.c.id == trial_id, trials.c.state == "running", trials.c.leased_by == holder)
    return transaction.execute(update(trials).where(mine).values(values)).rowcount == 1


def _trial(row: Row[Any]) -> Trial:
    return Trial.model_validate(dict(row._mapping))
