"""Does what is to be done once in a while. Runs inside `serve` and `worker`, in one process at a time for each duty."""

import asyncio
import os
import secrets
import socket
from collections.abc import Sequence

from service.desk.schedule import Schedule, Work
from service.log import Said, code, code_of, log

Duty = tuple[Schedule, Work]


class Scheduler:
    """Looks every `poll_s` seconds which of its duties are due. One that fails stops no other."""

    def __init__(self, duties: Sequence[Duty], poll_s: float = 60.0) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._duties = tuple(duties)
        self._poll_s = poll_s
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._loop = asyncio.create_task(self._run(), name="scheduler")

    async def stop(self) -> None:
        """What it is at is given back, and due again."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)

    async def look(self) -> None:
        """Does what is due now."""
        for schedule, work in self._duties:
            try:
                await schedule.run(self.name, work)
            except Exception as error:
                log(Said.DUTY_FAILED, duty=code(schedule.name), cause=code_of(error))

    async def _run(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(self._poll_s)
