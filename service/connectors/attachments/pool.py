"""A few reading processes, started when the first file comes."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import LifoQueue
from time import monotonic

from service.connectors.attachments.limits import Limits
from service.connectors.attachments.process import ReaderProcess
from service.domain.attachment import File, FileText, Reason

WAIT_S = 30.0
"""A message whose files have waited that long for a process goes on without them."""


class Readers:
    """A `service.ports.FileReader`. It has threads of its own: files that wait keep nothing else waiting."""

    def __init__(self, limits: Limits, processes: int = 2) -> None:
        self._limits = limits
        self._all = [ReaderProcess(limits) for _ in range(processes)]
        self._free: LifoQueue[ReaderProcess] = LifoQueue()
        for process in self._all:
            self._free.put(process)
        self._closing = False
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="attachments")

    @property
    def pids(self) -> tuple[int, ...]:
        """Of the processes that run now."""
        return tuple(process.pid for process in self._all if process.pid is not None)

    async def read(self, files: Sequence[File]) -> Sequence[FileText]:
        """One for each file, in order. Never raises on account of a file."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._read, files, monotonic())

    def close(self) -> None:
        """Ends the processes at once; files that are being read are `crashed`, those that wait `busy`."""
        self._closing = True
        for process in self._all:
            process.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for process in self._all:
            process.end()

    def _read(self, files: Sequence[File], asked: float) -> list[FileText]:
        if monotonic() - asked > WAIT_S:
            return [FileText(reason="busy") for _ in files]
        process = self._free.get()
        try:
            return list(self._each(process, files))
        finally:
            self._free.put(process)

    def _each(self, process: ReaderProcess, files: Sequence[File]) -> list[FileText]:
        found: list[FileText] = []
        left = 2 * self._limits.seconds
        for number, file in enumerate(files):
            began = monotonic()
            found.append(self._one(process, file, number, left))
            left -= monotonic() - began
        return found

    def _one(self, process: ReaderProcess, file: File, number: int, left: float) -> FileText:
        if number >= self._limits.files:
            return FileText(reason="too_many")
        if file.text is not None:
            cut = len(file.text) > self._limits.chars
            return FileText(file.text[: self._limits.chars], reason="truncated" if cut else _unless_empty(file.text))
        if reason := self._closed(file, left):
            return FileText(reason=reason)
        return process.read(file, min(left, self._limits.seconds))

    def _closed(self, file: File, left: float) -> Reason:
        """Why it is not even opened."""
        if file.reason:
            return file.reason
        if self._closing:
            return "busy"
        if len(file.content) > self._limits.size:
            return "too_large"
        if not file.content:
            return "empty"
        return "timeout" if left <= 0 else ""


def _unless_empty(text: str) -> Reason:
    return "" if text.strip() else "empty"
