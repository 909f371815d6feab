"""Delivers what webhooks are to be told. Runs inside `serve`, on its event loop."""

import asyncio
import contextlib
import os
import socket
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial

from service.desk.outbox import Outbox
from service.domain.webhook import Answer, Parcel
from service.errors import AiguilleurError
from service.log import Code, Said, code, code_of, id_of, log

Post = Callable[[Parcel], Awaitable[Answer]]


class Courier:
    """Takes what is due, a few at a time for each endpoint, so that none delays another. A parcel that was sent and not
    marked, because its process died or was frozen, is sent once more with the same id: at least once, never lost.

    `wake` makes it look at once; without it, it looks every `poll_s` seconds.
    """

    def __init__(self, outbox: Outbox, post: Post, poll_s: float = 1.0, grace_s: float = 4.0) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{id(self)}"
        self._outbox = outbox
        self._post = post
        self._poll_s = poll_s
        self._grace_s = grace_s
        self._bell = asyncio.Event()
        self._tasks: dict[str, tuple[Parcel, asyncio.Task[None]]] = {}
        self._loop: asyncio.Task[None] | None = None
        self._stopping = False

    def wake(self) -> None:
        self._bell.set()

    def start(self) -> None:
        self._loop = asyncio.create_task(self._run(), name="courier")

    async def stop(self) -> None:
        """Takes no more, lets what is being sent arrive within the grace, and gives the rest back."""
        self._stopping = True
        self.wake()
        if self._loop is not None:
            await self._loop
        if self._tasks:
            await asyncio.wait([task for _, task in self._tasks.values()], timeout=self._grace_s)
        unfinished = list(self._tasks.values())
        for _, task in unfinished:
            task.cancel()
        await asyncio.gather(*(task for _, task in unfinished), return_exceptions=True)
        if unfinished:
            with contextlib.suppress(AiguilleurError):
                await self._outbox.give_back(self.name, [parcel for parcel, _ in unfinished])

    async def _run(self) -> None:
        while not self._stopping:
            self._bell.clear()
            await self._take()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._bell.wait(), self._poll_s)

    async def _take(self) -> None:
        busy = Counter(parcel.webhook_id for parcel, _ in self._tasks.values())
        try:
            taken = await self._outbox.take(self.name, busy)
        except Exception as error:
            log(Said.COURIER_BLIND, cause=code_of(error))
            return
        for parcel in taken:
            if parcel.id in self._tasks:  # a clock that jumped ended its lease early
                continue
            task = asyncio.create_task(self._deliver(parcel), name=f"deliver {parcel.id}")
            self._tasks[parcel.id] = (parcel, task)
            task.add_done_callback(partial(self._done, parcel.id))

    def _done(self, parcel_id: str, _: object) -> None:
        self._tasks.pop(parcel_id, None)
        self.wake()

    async def _deliver(self, parcel: Parcel) -> None:
        try:
            answer = await self._post(parcel)
        except Exception as error:
            answer = Answer(error=code_of(error))
        if not answer.taken:
            log(Said.NOT_DELIVERED, delivery=id_of(parcel.id), webhook=id_of(parcel.webhook_id), cause=_cause(answer))
        try:
            await self._outbox.settle(self.name, parcel, answer)
        except Exception as error:  # the lease ends by itself, and it is sent once more
            log(Said.COURIER_BLIND, cause=code_of(error))


def _cause(answer: Answer) -> Code:
    return code(f"{answer.error.partition(':')[0]}/{answer.status or 0}")
