"""INSERT … ON CONFLICT, which both databases have and SQLAlchemy spells once for each."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table, literal_column
from sqlalchemy.dialects import postgresql, sqlite

from service.storage.database import Transaction

Row = Mapping[str, Any]


def put_rows(transaction: Transaction, table: Table, rows: Sequence[Row]) -> None:
    """Adds the rows, or replaces those of the same primary key."""
    if not rows:
        return
    statement = _insert(transaction.dialect.name, table)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    transaction.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), list(rows))


def add_row(transaction: Transaction, table: Table, row: Row) -> bool:
    """Adds the row; False where a unique constraint has one already, whose transaction is then over."""
    return transaction.execute(_unless_known(transaction.dialect.name, table), row).first() is not None


def add_rows(transaction: Transaction, table: Table, rows: Sequence[Row]) -> None:
    """Adds the rows that no unique constraint has already."""
    if rows:
        transaction.execute(_ignoring(transaction.dialect.name, table), list(rows))


@cache
def _ignoring(dialect: str, table: Table) -> Any:
    return _insert(dialect, table).on_conflict_do_nothing()


@cache
def _unless_known(dialect: str, table: Table) -> Any:
    """Built once a table: building a statement costs more than SQLite needs to run it."""
    return _insert(dialect, table).on_conflict_do_nothing().returning(literal_column("1"))


def _insert(dialect: str, table: Table) -> Any:
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)
