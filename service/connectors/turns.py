"""When the next call to the model may begin: bounded in this process, and together with all others."""

import asyncio
import contextlib
import os
import secrets
import socket
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from time import monotonic
from typing import Protocol

from service.errors import AiguilleurError, NoTurnError
from service.log import Said, code_of, log

RENEW_S = 2.5
ASK_AGAIN_S = 0.25
GATHER_S = 0.02
IDLE_S = 1.0
RETRY_S = 5


class Granted(Protocol):
    """What the processes' common store gives to one of them."""

    @property
    def slots(self) -> int: ...
    @property
    def starts(self) -> int: ...
    @property
    def wait_s(self) -> float: ...


Share = Callable[[str, int, int], Awaitable[Granted]]
"""Renews the share of a holder by its calls in flight and those that wait. Raises UnavailableError."""


class Turns(Protocol):
    """Bounds calls in flight."""

    def turn(self, deadline: float) -> AbstractAsyncContextManager[None]:
        """Waits until a call may begin. Raises NoTurnError at the deadline, in seconds of the event loop's clock."""
        ...

    async def close(self) -> None:
        """Gives back what is held."""
        ...


class LocalTurns:
    """So many at a time in this process."""

    def __init__(self, most: int) -> None:
        self._slots = asyncio.Semaphore(most)

    @asynccontextmanager
    async def turn(self, deadline: float) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout_at(deadline):
                await self._slots.acquire()
        except TimeoutError as error:
            raise NoTurnError("Too many calls to the model are in flight.", RETRY_S) from error
        try:
            yield
        finally:
            self._slots.release()

    async def close(self) -> None:
        """Nothing is held."""


class SharedTurns:
    """At most `most` at a time in this process, and as many as it has leased of what all processes may do together;
    where calls a minute are bounded (`paced`), each waits for one, too.

    A lease lasts longer than a call may (`call_s`), and no call begins that would outlast it: whoever dies, freezes or
    is cut off holds his share until then, and no longer. The store is asked once for all calls that wait, again every
    `RENEW_S` while calls are in flight, and never while there are none.
    """

    def __init__(self, share: Share, most: int, lease_s: float, call_s: float, paced: bool) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._share = share
        self._most = most
        self._lease_s = lease_s
        self._call_s = call_s
        self._paced = paced
        self._busy = self._slots = self._starts = 0
        self._until = 0.0
        self._line: deque[asyncio.Future[None]] = deque()
        self._bell = asyncio.Event()
        self._asking: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def turn(self, deadline: float) -> AsyncIterator[None]:
        await self._begin(deadline)
        try:
            yield
        finally:
            self._busy -= 1
            self._admit()
            self._ring()

    async def close(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
            with contextlib.suppress(AiguilleurError):  # the lease ends by itself
                await self._share(self.name, 0, 0)

    async def _begin(self, deadline: float) -> None:
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._line.append(mine)
        self._admit()
        self._ring()
        try:
            async with asyncio.timeout_at(deadline):
                await asyncio.shield(mine)
        except BaseException as error:
            if mine.done():
                self._busy -= 1
                self._admit()
            else:
                self._line.remove(mine)
            if isinstance(error, TimeoutError):
                raise NoTurnError("All calls to the model that may be made at once are.", RETRY_S) from error
            raise

    def _admit(self) -> None:
        while self._line and self._may_begin():
            self._busy += 1
            self._starts -= self._paced
            self._line.popleft().set_result(None)

    def _may_begin(self) -> bool:
        lasts = monotonic() + self._call_s <= self._until
        return lasts and self._busy < min(self._slots, self._most) and (self._starts > 0 or not self._paced)

    def _ring(self) -> None:
        """Where somebody still waits, the store is asked soon."""
        if self._line:
            self._bell.set()
        if self._asking is None or self._asking.done():
            self._asking = asyncio.get_running_loop().create_task(self._ask(), name="turns of the model")

    async def _ask(self) -> None:
        """Until nothing has been in flight for a moment; the share is given back then."""
        idle = 0
        while idle < 2:
            self._bell.clear()
            pause = await self._renew()
            idle = 0 if self._busy or self._line else idle + 1
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._bell.wait()
            await asyncio.sleep(GATHER_S)

    async def _renew(self) -> float:
        """Asks for what is needed; how long until it is worth asking again."""
        asked, waiting = monotonic(), min(len(self._line), self._most - self._busy)
        try:
            granted = await self._share(self.name, self._busy, waiting)
        except AiguilleurError as error:
            log(Said.NO_SHARE, cause=code_of(error))
            return RENEW_S
        self._slots, self._starts, self._until = granted.slots, granted.starts, asked + self._lease_s
        self._admit()
        if self._line:
            return min(RENEW_S, max(ASK_AGAIN_S, granted.wait_s))
        return RENEW_S if self._busy else IDLE_S
