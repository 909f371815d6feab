"""A full store made many times as full inside the database: a million messages in minutes, not in an hour."""

from itertools import pairwise

from evals.bench.full_store import FORM, TABLES
from service.storage.database import Database, Transaction

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
        found = transaction.exec_driver_sql(f"SELECT id FROM messages WHERE {_made('id')} ORDER BY id")
        edges = ["", *found.scalars().all()[AT_ONCE::AT_ONCE], LATEST]
    for copy in range(1, times):
        for first, end in pairwise(edges):
            with database.writing() as transaction:
                for table in TABLES:
                    _copy(transaction, table.name, table.c.keys(), (first, end), f"{copy:x}")
                transaction.exec_driver_sql("DELETE FROM unindexed")


def _copy(transaction: Transaction, table: str, names: list[str], between: tuple[str, str], mark: str) -> None:
    about = next(name for name in ("subject", "message_id", "id") if name in names)
    kept = [name for name in names if table != "findable" or name != "id"]  # which the database itself numbers
    columns, values = ", ".join(f'"{name}"' for name in kept), ", ".join(_marked(name, mark) for name in kept)
    first, end = between
    transaction.exec_driver_sql(
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} "
        f"WHERE {about} >= '{first}' AND {about} < '{end}' AND {_made(about)} ORDER BY {about}"
    )


def _marked(name: str, mark: str) -> str:
    if name in IDS:
        return f"substr({name}, 1, {MARKED - 1}) || '{mark}' || substr({name}, {MARKED + 1})"
    if name == "external_id":
        return f"'{mark}-' || external_id"
    if name == "sender":
        return f"CASE sender WHEN '{FORM}' THEN sender ELSE '{mark}-' || sender END"
    return f"'{mark}' || substr(trace, 2)" if name == "trace" else f'"{name}"'


def _made(about: str) -> str:
    return f"substr({about}, {MARKED}, 1) = '0'"
