"""Keeps the search up to date beside the triage. Runs inside `serve`, in one process at a time."""

import asyncio
import os
import socket

from service.desk.indexing import Indexing
from service.log import Said, code_of, log


class Indexer:
    """Looks every `poll_s` seconds for messages and replies that are not found by their words yet; the messages of a
    store of before there was a search are such ones too."""

    def __init__(self, indexing: Indexing, poll_s: float = 1.0) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self._indexing = indexing
        self._poll_s = poll_s
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._loop = asyncio.create_task(self._run(), name="indexer")

    async def stop(self) -> None:
        """What it is at goes on another time, from where it was."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                if await self._indexing.wanted():
                    await self._indexing.index(self.name)
            except Exception as error:
                log(Said.INDEXER_BLIND, cause=code_of(error))
            await asyncio.sleep(self._poll_s)
