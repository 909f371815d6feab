"""Keeps the learned voters up to date beside the triage: a process of low priority fits, this one watches it."""

import asyncio
import contextlib
import os
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic

from service.connectors.counting import uncounted
from service.desk.refit import Refits
from service.log import Said, code, code_of, log

COMMAND = (sys.executable, "-m", "service.wiring.refit")
"""Takes the settings as JSON on its input; its arguments are the account and the holder of the lease."""

RENEW_S = 15.0
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

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
        process = await self._started(account)
        try:
            said = await self._watched(process, account)
        except asyncio.CancelledError:
            await asyncio.shield(self._refits.give_back(account, self.name))
            raise
        finally:
            await _ended(process)
        if process.returncode:
            said = said if process.returncode > 0 and said else f"ended by {process.returncode}"
            log(Said.REFIT_FAILED, account=code(account), cause=code(said))
            await self._refits.fail(account, self.name, said)
        self._observe(account, "failed" if process.returncode else said, monotonic() - began)

    async def _started(self, account: str) -> Process:
        environment = uncounted() | ONE_THREAD
        process = await asyncio.create_subprocess_exec(
            *self._command, account, self.name, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment,
            start_new_session=True,
        )  # fmt: skip
        if process.stdin is not None:
            with contextlib.suppress(ConnectionError):
                process.stdin.write(self._settings)
                await process.stdin.drain()
            process.stdin.close()
        return process

    async def _watched(self, process: Process, account: str) -> str:
        """Its last line, once it ends. The lease is renewed meanwhile; one that is lost ends the process."""
        out = asyncio.ensure_future(process.stdout.read() if process.stdout else _nothing())
        try:
            while not (await asyncio.wait([out], timeout=RENEW_S))[0]:
                if not await self._refits.renew(account, self.name):
                    process.kill()
        finally:
            out.cancel()
        await process.wait()
        lines = out.result().decode("utf-8", "replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")


async def _nothing() -> bytes:
    return b""


async def _ended(process: Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await asyncio.shield(process.wait())
