"""A line to a server that can be slow, dumb or cut."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Literal

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Mode = Literal["well", "slow", "dumb", "cut"]
SLOW_S = 0.3


class Line:
    """Listens on the loopback interface and passes on to `reach`. `slow`: each piece takes a third of a second; `dumb`:
    nothing passes, and nobody is told; `cut`: connections end, and new ones too."""

    def __init__(self, reach: Callable[[], Awaitable[Streams]]) -> None:
        self._reach = reach
        self._open: set[asyncio.StreamWriter] = set()
        self._passing: set[asyncio.Task[None] | None] = set()
        self.mode: Mode = "well"
        self.port = 0
        self.passed = 0

    async def start(self) -> "Line":
        self._server = await asyncio.start_server(self._pass, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def be(self, mode: Mode) -> None:
        self.mode = mode
        if mode == "cut":
            self._end()

    async def close(self) -> None:
        """Returns once nothing is open any more."""
        self._server.close()
        self.be("cut")
        if waiting := {one for one in self._passing if one}:
            await asyncio.wait(waiting, timeout=10)
        await asyncio.sleep(0.01)  # a transport ends in the turn of the loop after it was aborted

    def _end(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._passing.add(task)
        try:
            await self._joined(reader, writer)
        finally:
            self._passing.discard(task)

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.mode == "cut":
            writer.transport.abort()
            return
        with contextlib.suppress(OSError):
            there_reader, there_writer = await self._reach()
            self._open |= {writer, there_writer}
            ways = [asyncio.ensure_future(self._copy(reader, there_writer))]
            ways.append(asyncio.ensure_future(self._copy(there_reader, writer)))
            await asyncio.wait(ways, return_when="FIRST_COMPLETED")
            for way in ways:
                way.cancel()
            await asyncio.wait(ways)
            self._open -= {writer, there_writer}
            there_writer.transport.abort()
        writer.transport.abort()

    async def _copy(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while piece := await source.read(65_536):
                while self.mode == "dumb":  # noqa: ASYNC110 - whoever waits is not told
                    await asyncio.sleep(0.02)
                if self.mode == "slow":
                    await asyncio.sleep(SLOW_S)
                self.passed += 1
                target.write(piece)
                await target.drain()
