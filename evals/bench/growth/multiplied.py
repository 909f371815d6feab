"""A full store made many times as full inside the database: a million messages in minutes, not in an hour."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, case, func, literal, select

from evals.bench.full_store import FORM, TABLES
from service.storage.database import Database, Transaction
from service.storage.schema import messages, unindexed

MOST = 15
AT_ONCE = 10_000
"""Messages of a transaction."""

MARKED = 25
"""The character of an id that is 0 in what `fill` makes, and says which copy a row belongs to."""

IDS = {"id", "message_id", "body_hash", "subject"}
LATEST = "g"
"""Comes after every id."""


def multiply(database: Database, times: int) -> None:
    """What `fill` made, so many times in all (at most 16): each copy has ids, external ids, senders and traces of its
    own, of the same moments; what was written stays as it is, to the names and numbers in it."""
    assert 1 <= times <= MOST + 1
    with database.reading() as transaction:
        ids = transaction.execute(select(messages.c.id).where(_made(messages.c.id, "0")).order_by(messages.c.id))
        edges = ["", *ids.scalars().all()[AT_ONCE::AT_ONCE], LATEST]
    for copy in range(1, times):
        for first, end in pairwise(edges):
            with database.writing() as transaction:
                for table in TABLES:
                    _copy(transaction, table, first, end, f"{copy:x}")
                transaction.execute(unindexed.delete())


def _copy(transaction: Transaction, table: Table, first: str, end: str, mark: str) -> None:
    about = next(table.c[name] for name in ("subject", "message_id", "id") if name in table.c)
    columns = list(_kept(table))
    wanted = select(*(_marked(column, mark) for column in columns)).where(about >= first, about < end)
    made = wanted.where(_made(about, "0")).order_by(about)
    transaction.execute(table.insert().from_select(_names(columns), made))


def _kept(table: Table) -> Iterator[Column[Any]]:
    """Without the numbers that the database itself gives."""
    return (column for column in table.c if not (column.primary_key and column.type.python_type is int))


def _names(columns: Sequence[Column[Any]]) -> list[str]:
    return [column.name for column in columns]


def _marked(column: Column[Any], mark: str) -> ColumnElement[Any]:
    if column.name in IDS:
        return func.substr(column, 1, MARKED - 1).concat(literal(mark)).concat(func.substr(column, MARKED + 1))
    if column.name == "external_id":
        return literal(f"{mark}-").concat(column)
    if column.name == "sender":
        return case((column == FORM, column), else_=literal(f"{mark}-").concat(column))
    if column.name == "trace":
        return literal(mark).concat(func.substr(column, 2))
    return column


def _made(column: Column[Any], mark: str) -> ColumnElement[bool]:
    return func.substr(column, MARKED, 1) == mark
