"""A store made anew from the lines of a backup, inside one transaction: it is all there, or nothing has changed."""

import json
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Date, DateTime, LargeBinary, Table, exists, insert, inspect, select, text
from sqlalchemy.exc import DataError, IntegrityError

from service.errors import ConflictError, FieldProblem, RefusedError
from service.storage.backup import FORMAT, ROWS_AT_A_TIME, tables
from service.storage.database import Transaction
from service.storage.migrate import HEAD, upgrade
from service.storage.privacy_cipher import SETTING, ring_of
from service.storage.schema import METADATA, accounts, people

TRIGGER_FUNCTIONS = (
    "SELECT DISTINCT t.tgfoid::regprocedure::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(:names)"
)


def restore(transaction: Transaction, lines: Iterable[str], replace: bool) -> dict[str, int]:
    """Makes the tables as they were, fills them, and brings them to this program's: how many rows each got.

    Raises RefusedError for what is not a whole backup, or is sealed with a key that is not set; ConflictError where
    something is stored already, unless it may be replaced.
    """
    told = (_read(line) for line in lines)
    made_at = _checked(transaction, next(told, None))
    if not replace and holds_something(transaction):
        raise ConflictError("Something is stored here already: say --replace to lose it for what the backup holds.")
    _drop(transaction)
    upgrade(transaction, made_at)
    try:
        counts = _fill(transaction, told)
        _read_to_the_end(told)
    except (KeyError, IndexError, TypeError, ValueError, IntegrityError, DataError) as error:
        raise _not_whole() from error
    upgrade(transaction)
    return counts


def holds_something(transaction: Transaction) -> bool:
    """Whether there is an account or a person."""
    there = inspect(transaction)
    kept = (table for table in (accounts, people) if there.has_table(table.name))
    return any(transaction.execute(select(exists(select(table.c.id)))).scalar() for table in kept)


def _read(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _not_whole() from error


def _checked(transaction: Transaction, head: Any) -> str:
    """The revision that the tables had."""
    if not _is_head(head):
        raise _not_whole()
    if head["revision"] > HEAD:
        raise RefusedError(f"A newer program made this backup ({head['revision']}, this one's tables are {HEAD}).")
    ring = ring_of(transaction.dialect)
    missing = sorted(set(head["keys"]) - set(ring.ids if ring else ()))
    if missing:
        cure = (
            f"set it, or its _FILE, so that it holds the key {', '.join(missing)}, which sealed what the backup holds"
        )
        raise RefusedError("The vault's key is not the one of this backup.", (FieldProblem(SETTING, cure),))
    return str(head["revision"])


def _is_head(told: Any) -> bool:
    if not isinstance(told, dict) or told.get("aiguilleur") != FORMAT:
        return False
    return isinstance(told.get("revision"), str) and isinstance(told.get("keys"), list)


def _drop(transaction: Transaction) -> None:
    """Whatever of ours is there; other tables of the database stay."""
    found = set(inspect(transaction).get_table_names())
    ours = [table.name for table in reversed(METADATA.sorted_tables)]
    names = [name for name in ("findable_words", *ours, "alembic_version") if name in found]
    if transaction.dialect.name == "sqlite":
        for name in names:
            transaction.exec_driver_sql(f'DROP TABLE "{name}"')
        return
    functions = transaction.execute(text(TRIGGER_FUNCTIONS), {"names": names}).scalars().all()
    for name in names:
        transaction.exec_driver_sql(f'DROP TABLE "{name}" CASCADE')
    for function in functions:
        transaction.exec_driver_sql(f"DROP FUNCTION {function}")


class Filling:
    """Puts the rows of one table, some hundred at a time."""

    def __init__(self, transaction: Transaction, table: Table, columns: list[str]) -> None:
        self._transaction = transaction
        self.name = table.name
        self._table = table
        self._columns = columns
        self._taken = [_taker(table.c[name].type, transaction.dialect.name) for name in columns]
        self._rows: list[dict[str, Any]] = []
        self.count = 0

    def add(self, row: list[Any]) -> None:
        taken = zip(self._columns, self._taken, row, strict=True)
        self._rows.append({name: None if value is None else take(value) for name, take, value in taken})
        self.count += 1
        if len(self._rows) == ROWS_AT_A_TIME:
            self.put()

    def put(self) -> None:
        if self._rows:
            self._transaction.execute(insert(self._table), self._rows)
            self._rows = []


def _fill(transaction: Transaction, told: Iterator[Any]) -> dict[str, int]:
    known = {table.name: table for table in tables(transaction)}
    filled: list[Filling] = []
    for one in told:
        if isinstance(one, list):
            filled[-1].add(one)
            continue
        if filled:
            filled[-1].put()
        if "end" in one:
            return _whole({each.name: each.count for each in filled}, one["end"])
        filled.append(Filling(transaction, known[one["table"]], one["columns"]))
    raise _not_whole()


def _read_to_the_end(told: Iterator[Any]) -> None:
    """Nothing comes after the last line. Whoever unpacks compares the checksum only then, and what was damaged without
    showing so far is refused."""
    if any(True for _ in told):
        raise _not_whole()


def _whole(counts: dict[str, int], promised: Any) -> dict[str, int]:
    if counts != promised:
        raise _not_whole()
    return counts


def _taker(kind: Any, dialect: str) -> Callable[[Any], Any]:
    """Makes the value that a column of that type is given of what a line says."""
    if isinstance(kind, DateTime):
        return _naive if dialect == "sqlite" else datetime.fromisoformat
    if isinstance(kind, Date):
        return date.fromisoformat
    return b64decode if isinstance(kind, LargeBinary) else _as_it_is


def _naive(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(UTC).replace(tzinfo=None)


def _as_it_is(value: Any) -> Any:
    return value


def _not_whole() -> RefusedError:
    return RefusedError("This is not a whole backup: nothing of it was taken.")
