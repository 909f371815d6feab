"""Keeps the learned voters up to date beside the triage: a process of low priority fits, this one watches it."""

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic

from service.connectors.apart import run_apart
from service.desk.refit import Refits
from service.log import Said, code, code_of, log

COMMAND = (sys.executable, "-m", "service.wiring.refit")
"""Takes the settings as JSON on its input; its arguments are the account and the holder of the lease."""

RENEW_S = 15.0

Observe = Callable[[str, str, float], None]
"""Counts a refit: the account, what came of it, seconds."""


class Refitter:
    """Looks every `poll_s` seconds whether an account's refit is due, and does one at a time. Runs inside `serve`.

    A fit takes seconds of thinking: in this process it would hold up every message. Whatever becomes of the other
    process, the version in force stays until a better one is there.
    """

    def __init__(
        self,
        refits: Refits,
        accounts: Callable[[], Awaitable[list[str]]],
        settings: str,
        observe: Observe = lambda *_: None,
        poll_s: float = 5.0,
        command: Sequence[str] = COMMAND,
    ) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self._refits = refits
        self._accounts = accounts
        self._settings = settings.encode()
        self._observe = observe
        self._poll_s = poll_s
        self._command = tuple(command)
        self._bell = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Looks at once."""
        self._bell.set()

    def start(self) -> None:
        self._loop = asyncio.create_task(self._run(), name="refitter")

    async def stop(self) -> None:
        """A fit that runs is ended and given back: its lessons are not lost, they wait."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            self._bell.clear()
            try:
                for account in await self._accounts():
                    if await self._refits.take(account, self.name):
                        await self._refit(account)
            except Exception as error:
                log(Said.REFITS_BLIND, cause=code_of(error))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._bell.wait(), self._poll_s)

    async def _refit(self, account: str) -> None:
        began = monotonic()
        command = [*self._command, account, self.name]
        try:
            ended, said = await run_apart(command, self._settings, lambda: self._renew(account), RENEW_S)
        except asyncio.CancelledError:
            await asyncio.shield(self._refits.give_back(account, self.name))
            raise
        if ended:
            said = said if ended > 0 and said else f"ended by {ended}"
            log(Said.REFIT_FAILED, account=code(account), cause=code(said))
            await self._refits.fail(account, self.name, said)
        self._observe(account, "failed" if ended else said, monotonic() - began)

    async def _renew(self, account: str) -> bool:
        return await self._refits.renew(account, self.name)
