"""Seals with the newest key what is not: in batches, while the service runs, and from wherever it was left."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Table,
    Text,
    and_,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    type_coerce,
    update,
)

from service.domain.confirmed import Confirmed
from service.domain.message import Message
from service.errors import FieldProblem, RefusedError
from service.pipeline.clean import address_of
from service.storage import finding
from service.storage.database import Transaction
from service.storage.insert import add_row
from service.storage.privacy_cipher import SETTING, Keyring, ring_of
from service.storage.privacy_lookup import kept_address, kept_trace
from service.storage.schema import METADATA, confirmed, findable, messages, traces, triages, vault_keys
from service.storage.schema.sealed import SealedJson, SealedWords

BATCH = 200
"""Rows sealed in one transaction."""

Place = tuple[Any, ...]
"""A primary key."""


@cache
def sealed_columns() -> dict[str, tuple[str, ...]]:
    """By table."""
    found: dict[str, tuple[str, ...]] = {}
    for table in METADATA.sorted_tables:
        names = tuple(column.name for column in table.c if isinstance(column.type, SealedJson | SealedWords))
        if names:
            found[table.name] = names
    return found


def waiting(transaction: Transaction) -> dict[str, int]:
    """How many rows of each table the newest key has not sealed. Reads every row."""
    ring = _ring(transaction)
    counts = {}
    for name in sealed_columns():
        table = METADATA.tables[name]
        counts[name] = transaction.execute(select(func.count()).select_from(table).where(_stale(table, ring))).scalar()
    return {name: int(count or 0) for name, count in counts.items()}


def seal_some(transaction: Transaction, table_name: str, after: Place | None = None) -> tuple[int, Place | None]:
    """Seals the next rows of that table after that place: how many, and where to go on; None once there are no more.
    Raises UnavailableError where a row is sealed with a key that is not there."""
    ring, table = _ring(transaction), METADATA.tables[table_name]
    keys = tuple(table.primary_key)
    query = select(table).where(_stale(table, ring)).order_by(*keys).limit(BATCH).with_for_update()
    if after is not None:
        query = query.where(tuple_(*keys) > tuple_(*map(literal, after)))
    rows = transaction.execute(query).mappings().all()
    for row in rows:
        mine = and_(*(column == row[column.name] for column in table.primary_key))
        values = {name: row[name] for name in sealed_columns()[table_name]} | _found_by(transaction, table, row)
        transaction.execute(update(table).where(mine).values(values))
    if table is messages:
        _hash_anew(transaction, [row["id"] for row in rows])
    return len(rows), tuple(rows[-1][key.name] for key in keys) if len(rows) == BATCH else None


def register(transaction: Transaction, at: datetime) -> None:
    """Notes that texts may be sealed with the newest key from now on. Raises RefusedError where stored texts may be
    sealed with a key that is not there: so nothing is ever written beside what cannot be read."""
    ring = ring_of(transaction.dialect)
    known = set(transaction.execute(select(vault_keys.c.id)).scalars())
    missing = sorted(known - set(ring.ids if ring else ()))
    if missing:
        cure = f"set it, or its _FILE, so that it also holds the key {', '.join(missing)}; nothing is lost meanwhile"
        raise RefusedError("What is stored is sealed with a key that is not set.", (FieldProblem(SETTING, cure),))
    if ring is not None and ring.newest not in known:
        whole = None if known or _holds_something(transaction) else at
        add_row(transaction, vault_keys, {"id": ring.newest, "since": at, "complete_at": whole})
    if ring is not None:
        found = state(transaction)
        ring.alone = len(found) == 1 and found[ring.newest] is not None


def _holds_something(transaction: Transaction) -> bool:
    looked = (select(literal(1)).select_from(METADATA.tables[name]).limit(1) for name in sealed_columns())
    return any(transaction.execute(one).first() is not None for one in looked)


def settled(transaction: Transaction, at: datetime) -> None:
    """Every text is sealed with the newest key: older ones are needed no more."""
    ring = _ring(transaction)
    ring.alone = True
    transaction.execute(delete(vault_keys).where(vault_keys.c.id != ring.newest))
    transaction.execute(update(vault_keys).where(vault_keys.c.id == ring.newest).values(complete_at=at))


def state(transaction: Transaction) -> dict[str, datetime | None]:
    """Keys that texts may be sealed with, and since when each has sealed all of them."""
    rows = transaction.execute(select(vault_keys.c.id, vault_keys.c.complete_at).order_by(vault_keys.c.since))
    return {row.id: row.complete_at for row in rows}


def _found_by(transaction: Transaction, table: Table, row: Any) -> dict[str, str]:
    """The hashes by which a row is looked up, under the newest key."""
    if table is messages:
        address = address_of(Message.model_validate_json(row["content"]))
        return {"sender": kept_address(transaction, address)}
    if table is confirmed and row["sender"]:
        address = address_of(Confirmed.model_validate_json(row["content"]).message)
        return {"sender": kept_address(transaction, address)}
    if table is triages:
        _trace_anew(transaction, row["message_id"], json.loads(row["content"]))
    return {}


def _hash_anew(transaction: Transaction, ids: Sequence[str]) -> None:
    """What messages were found by goes at once; the indexer hashes their words under the newest key."""
    transaction.execute(update(findable).where(findable.c.message_id.in_(ids)).values(words=[]))
    finding.index_anew(transaction, ids)


def _trace_anew(transaction: Transaction, message_id: str, triage: Mapping[str, Any]) -> None:
    transaction.execute(delete(traces).where(traces.c.message_id == message_id))
    kept = dict.fromkeys(kept_trace(transaction, each) for each in triage.get("traces", ()))
    rows = [{"account": triage["account"], "trace": each, "message_id": message_id} for each in kept]
    if rows:
        transaction.execute(insert(traces), rows)


def _stale(table: Table, ring: Keyring) -> ColumnElement[bool]:
    return or_(*(_of_another(table.c[name], ring.mark) for name in sealed_columns()[table.name]))


def _of_another(column: Any, mark: str) -> ColumnElement[bool]:
    stored = type_coerce(column, Text)
    return and_(stored != "", func.substr(stored, 1, len(mark)) != mark)


def _ring(transaction: Transaction) -> Keyring:
    ring = ring_of(transaction.dialect)
    if ring is None:
        raise RefusedError("There is no key to seal with.", (FieldProblem(SETTING, "set one: privacy new-key"),))
    return ring
