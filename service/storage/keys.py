"""API keys, of which only hashes are kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from service.domain.access import Key
from service.storage.database import Transaction
from service.storage.insert import add_row
from service.storage.schema import api_keys

_COLUMNS = tuple(column for column in api_keys.c if column.name != "hash")


def add(transaction: Transaction, key: Key, hash_: str) -> bool:
    return add_row(transaction, api_keys, key.model_dump() | {"hash": hash_})


def by_prefix(transaction: Transaction, prefix: str) -> tuple[Key, str] | None:
    """The key with its hash, revoked ones too."""
    wanted = select(*_COLUMNS, api_keys.c.hash).where(api_keys.c.prefix == prefix)
    row = transaction.execute(wanted).mappings().one_or_none()
    if row is None:
        return None
    fields: dict[str, Any] = dict(row)
    return Key(**{name: fields[name] for name in Key.model_fields}), fields["hash"]


def all_keys(transaction: Transaction) -> list[Key]:
    """Oldest first."""
    return [Key(**row) for row in transaction.execute(select(*_COLUMNS).order_by(api_keys.c.id)).mappings()]


def revoke(transaction: Transaction, key_id: str, at: datetime) -> bool:
    """False where there is no such key, or it was revoked before."""
    live = (api_keys.c.id == key_id) & api_keys.c.revoked_at.is_(None)
    return transaction.execute(update(api_keys).where(live).values(revoked_at=at)).rowcount == 1


def used(transaction: Transaction, key_id: str, at: datetime) -> None:
    transaction.execute(update(api_keys).where(api_keys.c.id == key_id).values(last_used_at=at))
