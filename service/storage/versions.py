"""What is kept in versions, one of them in force: playbooks and learned bundles."""

from datetime import datetime

from sqlalchemy import Table, select, update

from service.domain.event import EventKind
from service.storage import accounts
from service.storage.database import Transaction
from service.storage.events import new_event, record


def put_in_force(
    transaction: Transaction, table: Table, kind: EventKind, account: str, version: str, by: str, at: datetime
) -> None:
    """Makes one version the one in force, and records it as that kind of event. The version must be there."""
    accounts.lock(transaction, account)
    before = in_force(transaction, table, account)
    if before == version:
        return
    mine = table.c.account == account
    transaction.execute(update(table).where(mine, table.c.active).values(active=False))
    transaction.execute(update(table).where(mine, table.c.version == version).values(active=True))
    record(transaction, new_event(kind, version, at, account, by, {"version": before}, {"version": version}))


def in_force(transaction: Transaction, table: Table, account: str) -> str | None:
    wanted = select(table.c.version).where(table.c.account == account, table.c.active)
    return transaction.execute(wanted).scalar_one_or_none()
