"""One database: transactions for threads, and one hop to a thread for whatever runs on an event loop."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from service.storage.away import away
from service.storage.engine import CONNECTIONS, for_one_statement, for_writing, open_engine, retire
from service.storage.privacy_cipher import Keyring, give_ring

P = ParamSpec("P")
T = TypeVar("T")

Transaction = Connection
"""What the functions of this package take first: an open transaction."""


class Database:
    """Opens lazily; `close` when done. What the database cannot do now becomes UnavailableError.

    SQLite has one writer at a time: writers of this process stand in line for a lock instead of
    polling the file, so that none starves. With a keyring, what is about a person is sealed at rest.
    """

    def __init__(self, url: str, keyring: Keyring | None = None) -> None:
        self.engine = open_engine(url)
        self.keyring = keyring
        give_ring(self.engine.dialect, keyring)
        self.embedded = self.engine.dialect.name == "sqlite"
        self._write_engine = for_writing(self.engine)
        self._glance_engine = for_one_statement(self.engine)
        self._turn: AbstractContextManager[Any] = threading.Lock() if self.embedded else nullcontext()
        self._readers = ThreadPoolExecutor(4 if self.embedded else CONNECTIONS // 2, "database-read")
        self._writers = ThreadPoolExecutor(1 if self.embedded else CONNECTIONS // 2, "database-write")

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A transaction to read in. Raises UnavailableError."""
        with _translated(), self.engine.begin() as transaction:
            yield transaction

    @contextmanager
    def glancing(self) -> Iterator[Transaction]:
        """As `reading`, for statements that need not see one moment: a third faster. Raises UnavailableError."""
        with _translated(), self._glance_engine.connect() as connection:
            yield connection

    @contextmanager
    def beholding(self) -> Iterator[Transaction]:
        """A transaction that sees one moment however long it reads, and keeps no writer waiting: what is read within is
        whole. Raises UnavailableError."""
        steady = {} if self.embedded else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with _translated(), self.engine.execution_options(**steady).begin() as transaction:
            yield transaction

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """All or nothing, and on disk once it is left. Raises UnavailableError."""
        with _translated(), self._turn, self._write_engine.begin() as transaction:
            yield transaction

    async def read(self, verb: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`verb(transaction, …)` in a thread."""

        def run() -> T:
            with self.reading() as transaction:
                return verb(transaction, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._readers, run)

    async def glance(self, verb: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `read`, for a verb whose statements need not see one moment, and read a few rows by an index.

        SQLite answers in less time than a hop to a thread and back takes, and no writer keeps a reader waiting.
        """

        def run() -> T:
            with self.glancing() as transaction:
                return verb(transaction, *args, **kwargs)

        if self.embedded:
            return run()
        return await asyncio.get_running_loop().run_in_executor(self._readers, run)

    async def write(self, verb: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`verb(transaction, …)` in a thread, committed when this returns.

        A caller that is cancelled meanwhile does not know whether it was; the transaction is whole either way.
        """

        def run() -> T:
            with self.writing() as transaction:
                return verb(transaction, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._writers, run)

    def close(self) -> None:
        self._readers.shutdown()
        self._writers.shutdown()
        retire(self.engine)


@contextmanager
def _translated() -> Iterator[None]:
    """Errors of the code (SQL, integrity) stay what they are; the rest means that the database is away."""
    try:
        yield
    except (DataError, IntegrityError, ProgrammingError):
        raise
    except (DBAPIError, PoolTimeoutError) as error:
        raise away(error) from error
