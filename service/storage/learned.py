"""Learned bundles: every version that was fitted, one of them active."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

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


def add(transaction: Transaction, account: str, bundle: BundleVersion, content: bytes, by: str) -> bool:
    """Keeps a bundle, not yet active; False where that version is there already."""
    row = {"account": account, "version": bundle.version, "bundle": content, "metrics": bundle.metrics}
    about = {"playbook_version": bundle.playbook_version, "created_at": bundle.created_at, "active": False}
    added = add_row(transaction, learned, row | about)
    if added:
        record(transaction, new_event("bundle_learned", bundle.version, bundle.created_at, account, by))
    return added


def activate(transaction: Transaction, account: str, version: str, by: str, at: datetime) -> None:
    """Makes one version the one in force. The version must be there."""
    put_in_force(transaction, learned, "bundle_activated", account, version, by, at)


def active_version(transaction: Transaction, account: str) -> str | None:
    return in_force(transaction, learned, account)


def content(transaction: Transaction, account: str, version: str) -> bytes | None:
    wanted = select(learned.c.bundle).where(learned.c.account == account, learned.c.version == version)
    return transaction.execute(wanted).scalar_one_or_none()


def versions(transaction: Transaction, account: str) -> list[BundleVersion]:
    """Newest first."""
    columns = (learned.c.version, learned.c.created_at, learned.c.active, learned.c.playbook_version, learned.c.metrics)
    wanted = select(*columns).where(learned.c.account == account).order_by(learned.c.created_at.desc())
    return [BundleVersion(*row) for row in transaction.execute(wanted)]
