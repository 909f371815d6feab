"""Writes that are asked for at the same time share a transaction, and so one wait for the disk."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from service.errors import AiguilleurError, ConflictError, RefusedError, UnavailableError
from service.storage.database import Database, Transaction

T = TypeVar("T")
R = TypeVar("R")

MOST = 50
"""In one transaction: a page of the desk that has to write waits behind one of them at most."""


class Gathered(Generic[T, R]):
    """`verb(transaction, item)` for each item. What comes in while a transaction is under way stands in line, and goes
    into the next one together: the more there is to do, the less each costs, and nothing else of this process has to
    take turns with thousands.

    Where `verb` raises RefusedError or ConflictError for an item, it has written nothing of it. Items of a transaction
    are in the order of their `key`: two processes that write the same ones do not wait for each other in a circle.
    Not `together`, each item has a transaction of its own, at once.
    """

    def __init__(
        self,
        database: Database,
        verb: Callable[[Transaction, T], R],
        key: Callable[[T], str],
        most: int = MOST,
        together: bool = True,
    ) -> None:
        self._database = database
        self._verb = verb
        self._key = key
        self._most = most
        self._together = together
        self._line: deque[tuple[T, asyncio.Future[R]]] = deque()
        self._task: asyncio.Task[None] | None = None

    async def write(self, item: T) -> R:
        """Once this returns, it is on disk. Raises UnavailableError, and what `verb` raises for this item. Whoever is
        cancelled meanwhile does not know whether it was written."""
        if not self._together:
            return await self._database.write(self._verb, item)
        done: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._line.append((item, done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work_off())
        return await done

    async def _work_off(self) -> None:
        try:
            while self._line:
                batch = [self._line.popleft() for _ in range(min(self._most, len(self._line)))]
                await self._write(sorted(batch, key=lambda one: self._key(one[0])))
        finally:  # where the event loop ends, so do those who wait on it
            self._line.clear()

    async def _write(self, batch: Sequence[tuple[T, "asyncio.Future[R]"]]) -> None:
        try:
            found = await self._database.write(_each, self._verb, [item for item, _ in batch])
        except Exception as error:
            if len(batch) == 1 or isinstance(error, UnavailableError):
                found = [error] * len(batch)
            else:  # one that the database does not take takes nobody along
                for one in batch:
                    await self._write([one])
                return
        for (_, done), result in zip(batch, found, strict=True):
            _settle(done, result)


def _each(transaction: Transaction, verb: Callable[[Transaction, T], R], items: Sequence[T]) -> list[R | Exception]:
    return [_tried(transaction, verb, item) for item in items]


def _tried(transaction: Transaction, verb: Callable[[Transaction, T], R], item: T) -> R | AiguilleurError:
    try:
        return verb(transaction, item)
    except (RefusedError, ConflictError) as error:
        return error


def _settle(done: "asyncio.Future[R]", result: R | Exception) -> None:
    if done.done():  # whoever asked has gone away
        return
    if isinstance(result, Exception):
        done.set_exception(result)
    else:
        done.set_result(result)
