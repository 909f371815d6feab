"""One process of a bulk run: lines in, result lines out."""

import asyncio
import os
import signal
import threading
import time
from dataclasses import dataclass

from service.cli.inputs import parse_message
from service.desk.clock import utc_now
from service.domain.message import Message
from service.errors import AiguilleurError
from service.settings import Settings
from service.storage.ids import new_id
from service.wiring import Desk, open_desk

_worker: "Worker | None" = None


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one line: `text` is a Triage, or an object with `error`; `wrong` tells which."""

    text: str
    wrong: bool = False
    degraded: bool = False
    outcome: str = ""


class Worker:
    """Keeps one desk and one event loop for the life of its process."""

    def __init__(self, settings: Settings, account: str | None) -> None:
        self._account = account
        self._desk: Desk = open_desk(settings, index=False)
        self._runner = asyncio.Runner()

    def lines(self, chunk: list[tuple[int, bytes]]) -> list[Line]:
        return self._runner.run(self._all(chunk))

    async def _all(self, chunk: list[tuple[int, bytes]]) -> list[Line]:
        return await asyncio.gather(*(self._one(number, raw) for number, raw in chunk))

    async def _one(self, number: int, raw: bytes) -> Line:
        try:
            message = self._settled(parse_message(raw, f"line {number}"))
            triage = await self._desk.conclude(message, new_id(), utc_now())
        except AiguilleurError as error:
            return Line(_error(number, error), wrong=True)
        return Line(triage.model_dump_json(), degraded=triage.degraded, outcome=triage.outcome)

    def _settled(self, message: Message) -> Message:
        return message if message.account else message.model_copy(update={"account": self._account})


def start(settings: Settings, account: str | None) -> None:
    """Makes this process a worker. Ctrl-C is the parent's to handle, and a parent that died ends it."""
    global _worker  # noqa: PLW0603 - a pool's process has no other place for its state
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    _worker = Worker(settings, account)


def work(chunk: list[tuple[int, bytes]]) -> list[Line]:
    assert _worker is not None  # noqa: S101 - the pool calls `start` first
    return _worker.lines(chunk)


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _error(number: int, error: AiguilleurError) -> str:
    import json  # noqa: PLC0415

    problems = [{"field": p.field, "message": p.message} for p in error.problems]
    return json.dumps({"error": {"line": number, "detail": error.detail, "errors": problems}}, ensure_ascii=False)
