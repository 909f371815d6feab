"""Accounts: whose messages these are."""

from datetime import datetime

from sqlalchemy import select

from service.storage.database import Transaction
from service.storage.events import new_event, record
from service.storage.insert import add_row
from service.storage.schema import accounts


def ids(transaction: Transaction) -> list[str]:
    return list(transaction.execute(select(accounts.c.id).order_by(accounts.c.id)).scalars())


def ensure(transaction: Transaction, account: str, label: str, by: str, at: datetime) -> None:
    """Makes the account where there is none."""
    if add_row(transaction, accounts, {"id": account, "label": label, "created_at": at}):
        record(transaction, new_event("account_created", account, at, account, by))


def lock(transaction: Transaction, account: str) -> None:
    """What changes this account's knowledge stands in line until the transaction ends."""
    transaction.execute(select(accounts.c.id).where(accounts.c.id == account).with_for_update())
