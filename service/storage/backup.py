"""Every row of a store as lines of JSON, the same from SQLite and PostgreSQL, in values that either can take back.

Rows are copied as they are stored: what is sealed stays sealed, and no key is needed to copy it.
"""

import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import MetaData, Table, inspect, select

from service.errors import RefusedError
from service.storage.database import Transaction
from service.storage.migrate import HEAD, revision
from service.storage.privacy_encrypt import state
from service.storage.schema import METADATA

FORMAT = 1

DERIVED = {"findable", "unindexed"}
"""What full-text search made for itself, and makes again."""

FLEETING = {"sessions", "links", "journeys", "attempts", "model_shares", "model_pace"}
"""A store that was set back must not let in again whoever signed out, nor take a used link for a new one."""

OF_TABLES = {"schema_floor"}
"""What the migrations fill."""

ROWS_AT_A_TIME = 500


def head(transaction: Transaction, at: datetime) -> dict[str, Any]:
    """The first line. `keys`: ids of the vault's keys that texts may be sealed with. Raises RefusedError."""
    found = revision(transaction)
    if found is None:
        raise RefusedError("There is nothing to back up: the database has no tables yet.")
    if found > HEAD:
        raise RefusedError(f"The tables are those of a newer program ({found}, this one's are {HEAD}): use that one.")
    there = inspect(transaction).has_table("vault_keys")
    keys = sorted(state(transaction)) if there else []
    return {"aiguilleur": FORMAT, "revision": found, "at": at.isoformat(), "keys": keys}


def lines(transaction: Transaction, at: datetime) -> Iterator[str]:
    """The head, then each table's name and columns before its rows, and at the end how many rows there were: without
    that line a backup is not whole. Raises RefusedError."""
    yield _line(head(transaction, at))
    counts = {}
    for table in tables(transaction):
        yield _line({"table": table.name, "columns": [column.name for column in table.c]})
        counts[table.name] = 0
        for row in _rows(transaction, table):
            counts[table.name] += 1
            yield _line([_written(value) for value in row])
    yield _line({"end": counts})


def tables(transaction: Transaction) -> list[Table]:
    """Those that are copied, as the database has them, each after what it refers to."""
    names = set(METADATA.tables) - DERIVED - FLEETING - OF_TABLES
    found = MetaData()
    found.reflect(transaction, only=sorted(names & set(inspect(transaction).get_table_names())))
    return found.sorted_tables


def _rows(transaction: Transaction, table: Table) -> Iterator[Any]:
    wanted = select(table).order_by(*table.primary_key)
    yield from transaction.execute(wanted, execution_options={"yield_per": ROWS_AT_A_TIME})


def _line(value: Any) -> str:
    return json.dumps(value, separators=(",", ":")) + "\n"


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return b64encode(value).decode() if isinstance(value, bytes | memoryview) else value
