"""The engine of each database, set up for durable commits and for no surprises."""

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from service.errors import FieldProblem, RefusedError

LONGEST_LOG = 64_000_000
"""Bytes of SQLite's log that are kept between transactions."""

BUSY_S = 15
"""How long a SQLite writer waits for another process."""

CONNECTIONS = 20
"""The most connections that one process holds to PostgreSQL."""


_SESSION = {"options": "-c timezone=UTC -c lock_timeout=15s"}
_PATIENCE: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""How soon a server is taken for gone: one whose machine or network is lost says nothing, and the system would wait for
its answer for hours. An address may say otherwise (`?connect_timeout=10`)."""


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///file` or `postgresql://…` (psycopg 3). Raises RefusedError for another URL.

    Parameters are hidden in errors and logs: they are customers' words.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    return create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=True,
        connect_args=_PATIENCE | {name: value for name, value in parsed.query.items() if name in _PATIENCE} | _SESSION,
    )


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.get_backend_name() not in {"sqlite", "postgresql"}:
        raise _refused("give sqlite:///path/to/file or postgresql://user@host/name")
    if parsed.get_backend_name() == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise _refused("give a file: sqlite:///path/to/file")
    return parsed


def _refused(cure: str) -> RefusedError:
    return RefusedError("The database cannot be used.", (FieldProblem("AIGUILLEUR_DATABASE_URL", cure),))


def _sqlite(url: URL) -> Engine:
    _make_private(Path(url.database or ""))
    waits = {"timeout": BUSY_S, "check_same_thread": False}
    # What a connection has read serves it until another one has written: the one used last is used next.
    engine = create_engine(url, hide_parameters=True, pool_use_lifo=True, connect_args=waits)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _make_private(file: Path) -> None:
    """Customers' messages are for the owner's eyes only; SQLite gives its log files the same mode."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            file.touch(mode=0o600)
    except OSError as error:
        raise _refused(f"{file} cannot be made ({error.strerror}); give a folder that can be written") from error


def _set_up(connection: Any, _record: Any) -> None:
    """SQLAlchemy leaves a connection whose set-up fails to the collector, with the file that it holds open."""
    try:
        _tell_pragmas(connection)
    except BaseException:
        connection.close()
        raise


def _tell_pragmas(connection: Any) -> None:
    """FULL: a commit is on disk when it returns, also when the power fails (NORMAL in WAL loses the last ones).
    secure_delete: what is removed is overwritten, not left in free pages. journal_size_limit: after a transaction of
    hundreds of megabytes, such as a learned bundle's, its log does not stay that long. cache_size (2 MB): each
    connection has pages of its own, which reading fills by the hour; the system's cache behind them is one for all."""
    connection.isolation_level = None
    cursor = connection.cursor()
    safe = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
    for pragma in (*safe, "cache_size=-2000", f"journal_size_limit={LONGEST_LOG}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Any) -> None:
    """IMMEDIATE takes the write lock at once; taken later, it could fail halfway instead of waiting."""
    begin = connection.get_execution_options().get("begin", "BEGIN")
    if begin:
        connection.exec_driver_sql(begin)


def retire(engine: Engine) -> None:
    """Keeps no connection from here on: idle ones are closed now, one that a thread still uses when that is done."""
    event.listen(engine, "checkin", lambda _, record: record.invalidate())
    engine.dispose()


def for_writing(engine: Engine) -> Engine:
    return engine.execution_options(begin="BEGIN IMMEDIATE")


def for_one_statement(engine: Engine) -> Engine:
    """Without the round trips of a transaction, for what reads one statement's worth."""
    sqlite = engine.dialect.name == "sqlite"
    return engine.execution_options(begin="") if sqlite else engine.execution_options(isolation_level="AUTOCOMMIT")
