"""Every version of every account's playbook, as the files that its advisors wrote."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from service.storage.database import Transaction
from service.storage.events import new_event, record
from service.storage.insert import add_row
from service.storage.schema import playbooks
from service.storage.versions import in_force, put_in_force

Files = Mapping[str, str]
"""Path inside the account's folder, with slashes, to content."""


@dataclass(frozen=True, slots=True)
class PlaybookVersion:
    """`why` it was put in force last, where that was said, and the trial on which it was."""

    version: str
    imported_at: datetime
    imported_by: str
    active: bool
    why: str | None = None
    trial: str | None = None


def add(transaction: Transaction, account: str, version: str, given: Files, by: str, at: datetime) -> bool:
    """Keeps a version, not yet active. Files that say the same in other words (comments, layout) replace
    the ones of their version. False where nothing is new."""
    if files(transaction, account, version) == given:
        return False
    row = {"account": account, "version": version, "files": dict(given), "active": False}
    if not add_row(transaction, playbooks, row | {"imported_at": at, "imported_by": by}):
        known = (playbooks.c.account == account) & (playbooks.c.version == version)
        transaction.execute(update(playbooks).where(known).values(files=dict(given)))
    record(transaction, new_event("playbook_imported", version, at, account, by))
    return True


def activate(transaction: Transaction, account: str, version: str, by: str, at: datetime) -> None:
    """Makes one version the one in force. The version must be there."""
    put_in_force(transaction, playbooks, "playbook_activated", account, version, by, at)


def note(transaction: Transaction, account: str, version: str, why: str, trial: str | None = None) -> None:
    """Why the version was put in force, and on which trial."""
    said = {"why": why} | ({"trial": trial} if trial else {})
    mine = (playbooks.c.account == account) & (playbooks.c.version == version)
    transaction.execute(update(playbooks).where(mine).values(said))


def active_version(transaction: Transaction, account: str) -> str | None:
    return in_force(transaction, playbooks, account)


def files(transaction: Transaction, account: str, version: str) -> dict[str, str] | None:
    wanted = select(playbooks.c.files).where(playbooks.c.account == account, playbooks.c.version == version)
    found: dict[str, str] | None = transaction.execute(wanted).scalar_one_or_none()
    return found


def versions(transaction: Transaction, account: str) -> list[PlaybookVersion]:
    """Newest first."""
    columns = ("version", "imported_at", "imported_by", "active", "why", "trial")
    wanted = select(*(playbooks.c[name] for name in columns)).where(playbooks.c.account == account)
    rows = transaction.execute(wanted.order_by(playbooks.c.imported_at.desc(), playbooks.c.version))
    return [PlaybookVersion(*row) for row in rows]
