"""Whatever table refers to a message is emptied with it, a table of a later version too; on either database."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Column, Table, TypeDecorator, func, insert, select

from service.storage.database import Database, Transaction
from service.storage.privacy_graph import about, tables_about_messages
from service.storage.privacy_remove import remove_messages
from service.storage.schema import METADATA, messages

NAMING = "message_id"
"""How columns that name a message are called."""
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
BY_TYPE: dict[type, Any] = {int: 1, float: 1.0, bool: False, datetime: NOW, date: NOW.date(), bytes: b"x", dict: {}}


def columns() -> Iterator[Column[Any]]:
    yield from (column for table in METADATA.sorted_tables for column in table.columns)


def test_a_column_that_names_a_message_refers_to_it() -> None:
    naming = [column for column in columns() if column.name.endswith(NAMING)]
    assert len(naming) > 15
    loose = [f"{column.table.name}.{column.name}" for column in naming if not column.foreign_keys]
    assert loose == []


class Filled:
    """One row about a message in every table that may hold one."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows: dict[tuple[str, str], dict[str, Any]] = {}

    def row(self, table: Table, mark: str) -> dict[str, Any]:
        """Made where it is not there yet, after what it refers to. `mark` parts one message's rows from others."""
        key = (table.name, mark)
        if key not in self._rows:
            given = {column.name: self._value(column, mark) for column in table.columns if self._is_needed(column)}
            self._rows[key] = given
            self._transaction.execute(insert(table).values(given))
        return self._rows[key]

    def _is_needed(self, column: Column[Any]) -> bool:
        return not column.nullable or any(key.column.table in tables_about_messages() for key in column.foreign_keys)

    def _value(self, column: Column[Any], mark: str) -> Any:
        for key in column.foreign_keys:
            if key.column.table is column.table:
                return None
            return self.row(key.column.table, mark)[key.column.name]
        kind = _python_type(column)
        if kind is int and column.primary_key:
            return ord(mark)
        return BY_TYPE.get(kind, f"{column.name[:20]}-{mark}")


def _python_type(column: Column[Any]) -> type:
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    return kind.python_type


def held(transaction: Transaction, table: Table, message: str) -> int:
    return transaction.execute(select(func.count()).select_from(table).where(about(table, [message]))).scalar_one()


@pytest.mark.parametrize("keep_counts", [True, False])
def test_every_table_about_a_message_is_emptied_with_it_and_of_another_nothing_goes(
    database: Database, keep_counts: bool
) -> None:
    with database.writing() as transaction:
        filled = Filled(transaction)
        ours, theirs = ids = [filled.row(messages, mark)["id"] for mark in "ab"]
        for table in reversed(tables_about_messages()):
            for mark, id_ in zip("ab", ids, strict=True):
                if not held(transaction, table, id_):  # triggers may have made it
                    filled.row(table, mark)
        assert [table.name for table in tables_about_messages() if not held(transaction, table, ours)] == []
        gone = remove_messages(transaction, [ours], keep_counts)
        assert gone.keys() == {table.name for table in tables_about_messages()}
        assert [table.name for table in tables_about_messages() if held(transaction, table, ours)] == []
        assert [table.name for table in tables_about_messages() if not held(transaction, table, theirs)] == []
