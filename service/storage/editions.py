"""Playbooks that are being edited."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from service.domain.edition import Edition
from service.storage.database import Transaction
from service.storage.schema import editions


def add(transaction: Transaction, edition: Edition) -> None:
    transaction.execute(editions.insert(), edition.model_dump())


def find(transaction: Transaction, edition_id: str) -> Edition | None:
    row = transaction.execute(select(editions).where(editions.c.id == edition_id)).mappings().one_or_none()
    return Edition(**row) if row else None


def listed(transaction: Transaction, account: str) -> Sequence[Edition]:
    """Those that are open, the last worked on first; a hundred at most."""
    wanted = select(editions).where(editions.c.account == account, editions.c.state == "open")
    rows = transaction.execute(wanted.order_by(editions.c.updated_at.desc(), editions.c.id).limit(100)).mappings()
    return [Edition(**row) for row in rows]


def change(transaction: Transaction, /, edition_id: str, **values: Any) -> None:
    transaction.execute(update(editions).where(editions.c.id == edition_id).values(values))


def lock(transaction: Transaction, edition_id: str) -> Edition | None:
    """The edition, which nobody else changes until the transaction ends."""
    mine = editions.c.id == edition_id
    transaction.execute(update(editions).where(mine).values(state=editions.c.state))
    return find(transaction, edition_id)
