"""Learned bundles: every version that was fitted, one of them active."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from service.storage.database import Transaction
from service.storage.events import new_event, record
from service.storage.insert import add_row
from service.storage.schema import learned
from service.storage.versions import in_force, put_in_force


@dataclass(frozen=True, slots=True)
class BundleVersion:
    version: str
    created_at: datetime
    active: bool
    playbook_version: str
    metrics: dict[str, Any]


Exam = dict[str, list[Any]]
"""What a version's twins said of confirmed messages unseen by them, by external id: `service.desk.learning.exam`."""


KEPT = 10
"""Versions of an account beside the one in force: each is tens of megabytes, and a busy day makes a hundred."""

_ABOUT = [learned.c[name] for name in ("version", "created_at", "active", "playbook_version", "metrics")]


def add(
    transaction: Transaction, account: str, bundle: BundleVersion, content: bytes, by: str, exam: Exam | None = None
) -> bool:
    """Keeps a bundle, not yet active; False where that version is there already. An exam that is noted later makes the
    database write the bundle once more."""
    row = {"account": account, "version": bundle.version, "bundle": content, "metrics": bundle.metrics}
    about = {"playbook_version": bundle.playbook_version, "created_at": bundle.created_at, "active": False}
    added = add_row(transaction, learned, row | about | ({"exam": exam} if exam is not None else {}))
    if added:
        record(transaction, new_event("bundle_learned", bundle.version, bundle.created_at, account, by))
    return added


def drop_old(transaction: Transaction, account: str, version: str) -> int:
    """Removes all but the newest `KEPT` versions, the one in force, and this one. How many went."""
    mine = (learned.c.account == account) & learned.c.active.is_(False) & (learned.c.version != version)
    old = select(learned.c.version).where(mine).order_by(learned.c.created_at.desc(), learned.c.version).offset(KEPT)
    gone = transaction.execute(old).scalars().all()
    return transaction.execute(delete(learned).where(mine, learned.c.version.in_(gone))).rowcount if gone else 0


def activate(transaction: Transaction, account: str, version: str, by: str, at: datetime) -> None:
    """Makes one version the one in force. The version must be there."""
    put_in_force(transaction, learned, "bundle_activated", account, version, by, at)


def active_version(transaction: Transaction, account: str) -> str | None:
    return in_force(transaction, learned, account)


def content(transaction: Transaction, account: str, version: str) -> bytes | None:
    wanted = select(learned.c.bundle).where(learned.c.account == account, learned.c.version == version)
    return transaction.execute(wanted).scalar_one_or_none()


def find(transaction: Transaction, account: str, version: str) -> BundleVersion | None:
    """What is known of a version, or None where it is not there."""
    wanted = select(*_ABOUT).where(learned.c.account == account, learned.c.version == version)
    row = transaction.execute(wanted).one_or_none()
    return BundleVersion(*row) if row else None


def exam(transaction: Transaction, account: str, version: str) -> Exam | None:
    """None where the version has not sat one yet."""
    wanted = select(learned.c.exam).where(learned.c.account == account, learned.c.version == version)
    found: Exam | None = transaction.execute(wanted).scalar_one_or_none()
    return found


def note(
    transaction: Transaction, account: str, version: str, exam: Exam | None, metrics: dict[str, Any] | None = None
) -> None:
    """Keeps what was found out about a version after it was fitted."""
    about = {name: value for name, value in (("exam", exam), ("metrics", metrics)) if value is not None}
    if about:
        mine = (learned.c.account == account) & (learned.c.version == version)
        transaction.execute(update(learned).where(mine).values(about))


def versions(transaction: Transaction, account: str) -> list[BundleVersion]:
    """Newest first."""
    wanted = select(*_ABOUT).where(learned.c.account == account)
    return [BundleVersion(*row) for row in transaction.execute(wanted.order_by(learned.c.created_at.desc()))]
