"""Equal work that is asked for while it is being done is done once."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Flights(Generic[T]):
    """Work in flight by key, on one event loop."""

    def __init__(self) -> None:
        self._tasks: dict[Hashable, asyncio.Task[T]] = {}

    async def join(self, key: Hashable, work: Callable[[], Awaitable[T]]) -> T:
        """The result of the work under this key, started by whoever comes first.

        It goes on when one who waits is cancelled: the others still want it.
        """
        task = self._tasks.get(key)
        if task is None:
            task = self._tasks[key] = asyncio.ensure_future(_awaited(work))
            task.add_done_callback(lambda done: self._land(key, done))
        return await asyncio.shield(task)

    async def land(self, grace_s: float) -> None:
        """Waits until nothing is in flight, at most `grace_s` seconds; what flies still is cancelled."""
        if self._tasks:
            _, late = await asyncio.wait(list(self._tasks.values()), timeout=grace_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _land(self, key: Hashable, task: asyncio.Task[T]) -> None:
        del self._tasks[key]
        if not task.cancelled():
            task.exception()  # marks it as seen, where everyone who waited is gone


async def _awaited(work: Callable[[], Awaitable[T]]) -> T:
    return await work()
