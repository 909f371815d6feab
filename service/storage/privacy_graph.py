"""Which tables hold something about a message, read off their foreign keys: a new table is never forgotten."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Table, select

from service.storage.schema import METADATA, messages


@cache
def tables_about_messages() -> tuple[Table, ...]:
    """The messages' own last; whatever refers to a row stands before it."""
    found = {messages}
    for table in METADATA.sorted_tables:
        if any(key.column.table in found for key in table.foreign_keys):
            found.add(table)
    return tuple(table for table in reversed(METADATA.sorted_tables) if table in found)


def about(table: Table, ids: Sequence[str]) -> ColumnElement[bool]:
    """The condition that picks that table's rows about these messages."""
    if table is messages:
        return messages.c.id.in_(ids)
    ways = sorted(
        (key for key in table.foreign_keys if key.column.table in tables_about_messages()),
        key=lambda key: key.column.table is not messages,
    )
    column, parent = ways[0].parent, ways[0].column
    if parent.table is messages:
        return column.in_(ids)
    wanted: Any = select(parent).where(about(parent.table, ids))
    return column.in_(wanted)
