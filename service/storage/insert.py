"""INSERT … ON CONFLICT, which both databases have and SQLAlchemy spells once for each."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table, literal_column
from sqlalchemy.dialects import postgresql, sqlite

from service.storage.database import Transaction
from service.storage.prepared import Prepared

Row = Mapping[str, Any]


def put_rows(transaction: Transaction, table: Table, rows: Sequence[Row]) -> None:
    """Adds the rows, or replaces those of the same primary key."""
    if not rows:
        return
    statement = _insert(transaction.dialect.name, table)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    transaction.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), list(rows))


def add_up(transaction: Transaction, table: Table, rows: Sequence[Row], amount: str) -> None:
    """Adds each row, or its `amount` to that of the row with the same primary key."""
    if not rows:
        return
    statement = _insert(transaction.dialect.name, table)
    more = {amount: table.c[amount] + statement.excluded[amount]}
    keys = [column.name for column in table.primary_key]
    transaction.execute(statement.on_conflict_do_update(index_elements=keys, set_=more), list(rows))


def add_row(transaction: Transaction, table: Table, row: Row) -> bool:
    """Adds the row; False where a unique constraint has one already, whose transaction is then over."""
    return bool(_unless_known(table, tuple(row)).rows(transaction, row))


def add_rows(transaction: Transaction, table: Table, rows: Sequence[Row]) -> None:
    """Adds the rows that no unique constraint has already."""
    if rows:
        _ignoring(table, tuple(rows[0])).run_many(transaction, rows)


@cache
def _ignoring(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(lambda dialect: _insert(dialect, table).on_conflict_do_nothing(), names)


@cache
def _unless_known(table: Table, names: tuple[str, ...]) -> Prepared:
    def written(dialect: str) -> Any:
        return _insert(dialect, table).on_conflict_do_nothing().returning(literal_column("1"))

    return Prepared(written, names)


def _insert(dialect: str, table: Table) -> Any:
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)
