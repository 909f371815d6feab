"""Bulk with a model: waiting is most of it, so one process has many messages in flight."""

import asyncio
from collections import deque
from collections.abc import Generator, Iterator
from itertools import islice

from service.cli.bulk_files import Job
from service.cli.bulk_worker import Concluding, Line, Numbered
from service.settings import Settings
from service.wiring import Desk, open_desk

AHEAD = 2
"""Messages begun for each call in flight, so that a slow answer does not keep the following ones waiting."""


def one_process(job: Job, settings: Settings, lines: Iterator[Numbered]) -> Generator[list[Line], None, None]:
    """Results in the order of the lines, as they come. Raises UnavailableError."""
    desk = open_desk(settings, bulk=True, ready=False)
    flow = Flow(Concluding(desk, job.account, job.store), AHEAD * settings.model_concurrency)
    with asyncio.Runner() as runner:
        try:
            while ready := runner.run(flow.next(lines)):
                yield ready
        finally:
            runner.run(_end(flow, desk))


class Flow:
    """Lines in flight, in order."""

    def __init__(self, concluding: Concluding, most: int) -> None:
        self._concluding = concluding
        self._most = most
        self._flying: deque[asyncio.Task[Line]] = deque()

    async def next(self, lines: Iterator[Numbered]) -> list[Line]:
        """The results that come next and are there, at least one; empty at the end."""
        self._fill(lines)
        ready: list[Line] = []
        while self._flying and (self._flying[0].done() or not ready):
            ready.append(await self._flying[0])
            self._flying.popleft()
            self._fill(lines)
        return ready

    async def end(self) -> None:
        for task in self._flying:
            task.cancel()
        await asyncio.gather(*self._flying, return_exceptions=True)

    def _fill(self, lines: Iterator[Numbered]) -> None:
        for numbered in islice(lines, self._most - len(self._flying)):
            self._flying.append(asyncio.ensure_future(self._concluding.line(numbered)))


async def _end(flow: Flow, desk: Desk) -> None:
    await flow.end()
    await desk.disconnect()
    await asyncio.to_thread(desk.close)
