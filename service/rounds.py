"""What looks every so often whether there is something to do. Runs inside `serve` and `worker`, on their event loop."""

import asyncio
import contextlib
import os
import socket
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Sequence
from functools import partial

from service.log import Said, code_of, log

CANCEL_AGAIN_S = 1.0


class Rounds(ABC):
    """Looks every `poll_s` seconds, at once when it is woken. A look that raises is told as `blind`, and the next one
    comes all the same. `task` is the name of its task, `name` the holder of what it takes."""

    def __init__(self, task: str, blind: Said, poll_s: float) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self._task = task
        self._blind = blind
        self._poll_s = poll_s
        self._bell = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self._stopping = False

    def wake(self) -> None:
        """Looks at once."""
        self._bell.set()

    def start(self) -> None:
        self._loop = asyncio.create_task(self._run(), name=self._task)

    async def stop(self) -> None:
        """A look that is under way is cancelled: it gives back what it has taken. Where the database that it gives it
        back to is away, that error takes the cancellation's place, and it is cancelled again."""
        self._stopping = True
        while self._loop is not None and not self._loop.done():
            self._loop.cancel()
            await asyncio.wait([self._loop], timeout=CANCEL_AGAIN_S)

    @abstractmethod
    async def look(self) -> None:
        """Does what there is to do."""

    async def _run(self) -> None:
        while not self._stopping:
            self._bell.clear()
            try:
                await self.look()
            except Exception as error:
                log(self._blind, cause=code_of(error))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._poll_s):  # `wait_for` may swallow a cancellation before Python 3.12
                    await self._bell.wait()


class Takers(Rounds):
    """Rounds that take what waits, and do each in a task of its own, by its id."""

    def __init__(self, task: str, blind: Said, poll_s: float, grace_s: float) -> None:
        super().__init__(task, blind, poll_s)
        self._grace_s = grace_s
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def stop(self) -> None:
        """Takes no more, lets what is being done end within the grace, and gives the rest back."""
        self._stopping = True
        self.wake()
        if self._loop is not None:
            await self._loop
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()), timeout=self._grace_s)
        unfinished = dict(self._tasks)
        for task in unfinished.values():
            task.cancel()
        await asyncio.gather(*unfinished.values(), return_exceptions=True)
        if unfinished:
            await self._give_back(list(unfinished))

    @abstractmethod
    async def _give_back(self, ids: Sequence[str]) -> None:
        """Others may take these at once."""

    def _begin(self, taken: str, work: Coroutine[None, None, None]) -> None:
        self._tasks[taken] = asyncio.create_task(work, name=f"{self._task} {taken}")
        self._tasks[taken].add_done_callback(partial(self._done, taken))

    def _done(self, taken: str, _: object) -> None:
        self._tasks.pop(taken, None)
        self.wake()
