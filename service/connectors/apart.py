"""Long thinking in a process of its own and of low priority, watched by the one that started it."""

import asyncio
import contextlib
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable, Sequence

from service.connectors.counting import uncounted

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

Renew = Callable[[], Awaitable[bool]]
"""Asked from time to time while the process runs; False ends it."""


async def run_apart(command: Sequence[str], given: bytes, renew: Renew, every_s: float) -> tuple[int, str]:
    """Its exit code, negative where a signal ended it, and its last line. `given` is its input.

    Whoever is cancelled meanwhile ends the process.
    """
    process = await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=uncounted() | ONE_THREAD, start_new_session=True
    )
    try:
        await _told(process, given)
        said = await _watched(process, renew, every_s)
    finally:
        await _ended(process)
    return process.returncode or 0, said


async def _told(process: Process, given: bytes) -> None:
    if process.stdin is not None:
        with contextlib.suppress(ConnectionError):
            process.stdin.write(given)
            await process.stdin.drain()
        process.stdin.close()


async def _watched(process: Process, renew: Renew, every_s: float) -> str:
    out = asyncio.ensure_future(process.stdout.read() if process.stdout else _nothing())
    try:
        while not (await asyncio.wait([out], timeout=every_s))[0]:
            if not await renew():
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
