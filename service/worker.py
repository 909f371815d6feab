"""Triages messages that were received to be triaged later. Runs inside `serve`, on its event loop."""

import asyncio
import contextlib
import os
import secrets
import socket
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from time import monotonic

from service.desk.backlog import Backlog
from service.errors import AiguilleurError, OvertakenError, UnavailableError, WaitsError
from service.log import Said, code_of, id_of, log

RENEWED_FOR_S = 600.0
"""No message takes longer: what seems to is left to another worker."""


class Worker:
    """Takes what waits, what is due first, also what a crash left behind; up to `concurrency` at a time.

    `finish` gets a message's id and this worker's name, which no other has. `wake` makes it look at once; without it,
    it looks every `poll_s` seconds.
    """

    def __init__(
        self,
        backlog: Backlog,
        finish: Callable[[str, str], Awaitable[object]],
        concurrency: int = 8,
        poll_s: float = 2.0,
        grace_s: float = 4.0,
    ) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._backlog = backlog
        self._finish = finish
        self._concurrency = concurrency
        self._poll_s = poll_s
        self._grace_s = grace_s
        self._bell = asyncio.Event()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._began: dict[str, float] = {}
        self._renewed_at = 0.0
        self._loop: asyncio.Task[None] | None = None
        self._stopping = False

    def wake(self) -> None:
        self._bell.set()

    def start(self) -> None:
        self._loop = asyncio.create_task(self._run(), name="worker")

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

    async def _run(self) -> None:
        while not self._stopping:
            self._bell.clear()
            await self._renew()
            await self._take()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._bell.wait(), min(self._poll_s, self._renew_s))

    @property
    def _renew_s(self) -> float:
        return max(0.05, self._backlog.lease.total_seconds() / 3)

    async def _renew(self) -> None:
        now = monotonic()
        if not self._tasks or now - self._renewed_at < self._renew_s:
            return
        self._renewed_at = now
        ids = [one for one in self._tasks if now - self._began[one] < RENEWED_FOR_S]
        try:
            await self._backlog.renew(self.name, ids)
        except Exception as error:
            log(Said.WORKER_BLIND, cause=code_of(error))

    async def _take(self) -> None:
        free = self._concurrency - len(self._tasks)
        if free == 0:
            return
        try:
            taken = await self._backlog.take(self.name, free)
        except Exception as error:
            log(Said.WORKER_BLIND, cause=code_of(error))
            return
        for message_id in taken:
            if message_id in self._tasks:  # it slept past its lease, and holds the message again
                continue
            task = asyncio.create_task(self._triage(message_id), name=f"triage {message_id}")
            self._tasks[message_id], self._began[message_id] = task, monotonic()
            task.add_done_callback(partial(self._done, message_id))

    def _done(self, message_id: str, _: object) -> None:
        self._tasks.pop(message_id, None)
        self._began.pop(message_id, None)
        self.wake()

    async def _triage(self, message_id: str) -> None:
        try:
            await self._finish(message_id, self.name)
        except OvertakenError:
            log(Said.OVERTAKEN, message=id_of(message_id))
        except (UnavailableError, WaitsError) as error:
            # Not the message's fault, so not counted.
            log(Said.MESSAGE_WAITS, message=id_of(message_id), cause=code_of(error))
            await self._give_back([message_id], error.retry_after)
        except Exception as error:
            log(Said.MESSAGE_FAILED, message=id_of(message_id), cause=code_of(error))
            with contextlib.suppress(AiguilleurError):
                await self._backlog.fail(message_id, error, self.name)

    async def _give_back(self, ids: Sequence[str], rest_s: int = 0) -> None:
        """Where the database is away, the leases end by themselves."""
        with contextlib.suppress(AiguilleurError):
            await self._backlog.give_back(self.name, ids, rest_s)
