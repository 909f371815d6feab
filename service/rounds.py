"""What looks every so often whether there is something to do. Runs inside `serve`, on its event loop."""

import asyncio
import contextlib
import os
import socket
from abc import ABC, abstractmethod

from service.log import Said, code_of, log


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

    def wake(self) -> None:
        """Looks at once."""
        self._bell.set()

    def start(self) -> None:
        self._loop = asyncio.create_task(self._run(), name=self._task)

    async def stop(self) -> None:
        """A look that is under way is cancelled: it gives back what it has taken."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)

    @abstractmethod
    async def _look(self) -> None:
        """Does what there is to do."""

    async def _run(self) -> None:
        while True:
            self._bell.clear()
            try:
                await self._look()
            except Exception as error:
                log(self._blind, cause=code_of(error))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._bell.wait(), self._poll_s)
