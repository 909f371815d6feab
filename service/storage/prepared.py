"""Statements on each message's way, compiled and typed once a database, and run by the driver itself: SQLAlchemy takes
50 microseconds to bring a statement to SQLite, which runs it in 10."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import Any, NoReturn

from sqlalchemy import Dialect, Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeDecorator, TypeEngine

from service.storage.database import Transaction

Values = Mapping[str, Any]
Row = tuple[Any, ...]
Process = Callable[[Any], Any]


class Prepared:
    """A statement of Core's that takes its values by name. What the types of its columns say holds, such as what is
    sealed; its errors are SQLAlchemy's; who listens for statements hears of it, but not of its values.

    `written` gives the statement for a database of that name; an INSERT takes the columns `names`.
    """

    def __init__(self, written: Callable[[str], Any], names: Sequence[str] = ()) -> None:
        self._written = written
        self._names = tuple(names)

    def run(self, transaction: Transaction, values: Values) -> int:
        """How many rows it has changed; not known within `in_one_go`."""
        compiled, cursor = self._ready(transaction)
        try:
            cursor.execute(compiled.sql, compiled.given(values))
        except Exception as error:
            _refuse(transaction, error)
        return int(cursor.rowcount)

    def run_many(self, transaction: Transaction, rows: Sequence[Values]) -> None:
        if not rows:
            return
        compiled, cursor = self._ready(transaction)
        try:
            cursor.executemany(compiled.sql, [compiled.given(each) for each in rows])
        except Exception as error:
            _refuse(transaction, error)

    def ask(self, transaction: Transaction, values: Values) -> Callable[[], list[Row]]:
        """Asks now, and gives what reads the answer."""
        compiled, cursor = self._ready(transaction)
        try:
            cursor.execute(compiled.sql, compiled.given(values))
        except Exception as error:
            _refuse(transaction, error)

        def answer() -> list[Row]:
            try:
                rows = cursor.fetchall()
            except Exception as error:
                _refuse(transaction, error)
            return compiled.read(rows)

        return answer

    def rows(self, transaction: Transaction, values: Values) -> list[Row]:
        return self.ask(transaction, values)()

    def _ready(self, transaction: Transaction) -> "tuple[_Compiled, Any]":
        dialect: Any = transaction.dialect
        known: dict[Prepared, _Compiled] | None = dialect.__dict__.get("aiguilleur_prepared")
        if known is None:
            known = dialect.aiguilleur_prepared = {}
        compiled = known.get(self)
        if compiled is None:
            compiled = known[self] = _Compiled(self._written(dialect.name), dialect, self._names)
        cursor = transaction.connection.cursor()
        events: Any = transaction.dispatch
        for heard in events.before_cursor_execute:
            heard(transaction, cursor, compiled.sql, None, None, False)
        return compiled, cursor


class _Compiled:
    """A statement in one database's words."""

    def __init__(self, statement: Executable, dialect: Dialect, names: Sequence[str]) -> None:
        made: Any = statement
        compiled: Any = made.compile(dialect=dialect, column_keys=list(names) or None)
        kinds = {name: bind.type for bind, name in compiled.bind_names.items()}
        self.sql = str(compiled)
        self._by_name = None if compiled.positiontup else tuple(kinds)
        order = compiled.positiontup or kinds
        self._takes = [(name, _writer(kinds[name], dialect), compiled.params[name]) for name in order]
        self._reads = [_reader(column.type, dialect) for column in getattr(statement, "selected_columns", ())]

    def given(self, values: Values) -> Any:
        """Each value as its column takes it; what the statement itself says where none is given."""
        taken = [
            values.get(name, fixed) if write is None else write(values.get(name, fixed))
            for name, write, fixed in self._takes
        ]
        return taken if self._by_name is None else dict(zip(self._by_name, taken, strict=True))

    def read(self, rows: list[Row]) -> list[Row]:
        if not any(self._reads):
            return rows
        return [tuple(v if read is None else read(v) for v, read in zip(row, self._reads, strict=True)) for row in rows]


def in_one_go(transaction: Transaction) -> AbstractContextManager[None]:
    """PostgreSQL is sent what is run within without being waited for, until an answer is read or this is left."""
    return _pipelined(transaction) if transaction.dialect.name == "postgresql" else nullcontext()


@contextmanager
def _pipelined(transaction: Transaction) -> Iterator[None]:
    connection: Any = transaction.connection.driver_connection
    try:
        with connection.pipeline():
            yield
    except Exception as error:
        _refuse(transaction, error)


def _writer(kind: TypeEngine[Any], dialect: Dialect) -> Process | None:
    """What a type makes of a value; of ours, without a call around it where the type below adds nothing."""
    known: Any = kind.dialect_impl(dialect)
    if isinstance(known, TypeDecorator) and known.impl_instance.bind_processor(dialect) is None:
        return partial(known.process_bind_param, dialect=dialect)
    writer: Process | None = known.bind_processor(dialect)
    return writer


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> Process | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _refuse(transaction: Transaction, error: Exception) -> NoReturn:
    """As SQLAlchemy does: without the values, which are customers' words, and a connection that is gone is let go."""
    dialect: Any = transaction.dialect
    if not isinstance(error, dialect.loaded_dbapi.Error):
        raise error
    gone = dialect.is_disconnect(error, transaction.connection.driver_connection, None)
    if gone:
        transaction.invalidate(error)
    told = ("a prepared statement", None, error, dialect.loaded_dbapi.Error)
    said: Any = DBAPIError.instance(*told, hide_parameters=True, connection_invalidated=gone, dialect=dialect)
    raise said from error
