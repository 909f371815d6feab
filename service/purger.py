"""Once a day removes what is past its term, and finishes erasures. Runs inside `serve`, in one process at a time."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Awaitable, Callable, Sequence

from service.desk.privacy_retention import Purging
from service.domain.privacy import Erasure
from service.log import Said, code_of, log

BY = "retention"

Finish = Callable[[], Awaitable[Sequence[Erasure]]]
Observe = Callable[[str, int], None]
"""Counts messages that are gone: `erasure` or `purge`, how many."""


class Purger:
    """Looks every `poll_s` seconds whether a day has passed since the last purge, by whichever process, and whether an
    erasure has left something to do. `wake` makes it look at once."""

    def __init__(
        self,
        purging: Purging,
        finish: Finish,
        interrupt: Callable[[], None] = lambda: None,
        observe: Observe = lambda *_: None,
        poll_s: float = 60.0,
    ) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self._purging = purging
        self._finish = finish
        self._interrupt = interrupt
        self._observe = observe
        self._poll_s = poll_s
        self._bell = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None

    def wake(self) -> None:
        self._bell.set()

    def start(self) -> None:
        self._loop = asyncio.create_task(self._run(), name="purger")

    async def stop(self) -> None:
        """What it is at goes on another time, from where it was."""
        self._interrupt()
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)

    async def look(self) -> None:
        """Does what is due now. Raises UnavailableError."""
        if await self._purging.due():
            purged = await self._purging.purge(BY, self.name, scheduled=True)
            self._observe("purge", purged.counts.get("messages", 0) if purged else 0)
        await self._finish()

    async def _run(self) -> None:
        while True:
            self._bell.clear()
            try:
                await self.look()
            except Exception as error:
                log(Said.PURGE_FAILED, cause=code_of(error))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._bell.wait(), self._poll_s)
