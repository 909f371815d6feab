"""Playbooks that are being edited."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from service.domain.edition import Edition, EditionState
from service.storage.database import Transaction
from service.storage.schema import editions


def add(transaction: Transaction, edition: Edition) -> None:
    transaction.execute(editions.insert(), edition.model_dump())


def find(transaction: Transaction, edition_id: str) -> Edition | None:
    row = transaction.execute(select(editions).where(editions.c.id == edition_id)).mappings().one_or_none()
    return Edition(**row) if row else None


def listed(transaction: Transaction, account: str, state: EditionState = "open", limit: int = 100) -> Sequence[Edition]:
    """The last worked on first."""
    wanted = select(editions).where(editions.c.account == account, editions.c.state == state)
    rows = transaction.execute(wanted.order_by(editions.c.updated_at.desc(), editions.c.id).limit(limit)).mappings()
    return [Edition(**row) for row in rows]


def change(transaction: Transaction, /, edition_id: str, **values: Any) -> None:
    transaction.execute(update(editions).where(editions.c.id == edition_id).values(values))


def lock(transaction: Transaction, edition_id: str) -> Edition | None:
    """The edition, which nobody else changes until the transaction ends."""
    mine = editions.c.id == edition_id
    transaction.execute(update(editions).where(mine).values(state=editions.c.state))
    return find(transaction, edition_id)
