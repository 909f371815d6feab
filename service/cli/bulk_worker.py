"""Lines in, result lines out: what one process of a bulk run does."""

import asyncio
import json
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from service.cli.inputs import parse_message
from service.desk.clock import utc_now
from service.domain.message import Message
from service.domain.triage import Triage
from service.errors import AiguilleurError, FieldProblem, RefusedError, UnavailableError, UnreadableError
from service.heap import settle
from service.lifeline import end_with_parent
from service.log import Said, code_of, configure, log
from service.settings import Settings
from service.storage.ids import new_id
from service.wiring import Desk, open_desk

Numbered = tuple[int, bytes]
"""A line of the source and its number, from 1."""

_worker: "Worker | None" = None


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one line: `text` is a Triage, or an object with `error`.

    `wrong`: it is no message that could be taken; `failed`: a mistake of ours, which the log names.
    """

    text: str
    kind: Literal["done", "wrong", "failed"] = "done"
    outcome: str = ""
    degraded: bool = False


class Concluding:
    """Concludes about lines, and with `store` puts messages and results on the desk too."""

    def __init__(self, desk: Desk, account: str | None, store: bool) -> None:
        self._desk = desk
        self._account = account
        self._store = store

    async def line(self, numbered: Numbered) -> Line:
        """Raises UnavailableError only: with the database away, going on would make errors of good lines."""
        number, raw = numbered
        message: Message | None = None
        try:
            message = self._settled(parse_message(raw, f"line {number}"), number)
            triage = await self._desk.conclude(message, new_id(), utc_now())
            if self._store:
                (triage,) = await self._desk.triages.keep([(message, triage)])
        except AiguilleurError as error:
            if isinstance(error, UnavailableError) and not isinstance(error, UnreadableError):
                raise  # what is unreadable is about this line's account alone
            return Line(_error(number, message, error.detail, error.problems), "wrong")
        except Exception as error:
            log(Said.LINE_FAILED, line=number, cause=code_of(error))
            return Line(_error(number, message, f"Triage failed: {code_of(error)}."), "failed")
        return _line(triage)

    def _settled(self, message: Message, number: int) -> Message:
        if self._store and message.external_id is None:
            problem = FieldProblem("external_id", "give each message its own, so that it is stored once")
            raise RefusedError(f"line {number}: --store needs an id.", (problem,))
        return message if message.account else message.model_copy(update={"account": self._account})


class Worker:
    """Keeps one desk and one event loop for the life of its process."""

    def __init__(self, settings: Settings, account: str | None, store: bool = False) -> None:
        self._concluding = Concluding(open_desk(settings, bulk=True, ready=False), account, store)
        self._runner = asyncio.Runner()

    def lines(self, chunk: Sequence[Numbered]) -> list[Line]:
        return self._runner.run(self._all(chunk))

    async def _all(self, chunk: Sequence[Numbered]) -> list[Line]:
        return [await self._concluding.line(numbered) for numbered in chunk]


def start(settings: Settings, account: str | None, store: bool) -> None:
    """Makes this process one of the pool's."""
    global _worker  # noqa: PLW0603 - a pool's process has no other place for its state
    become_worker()
    configure("words")
    _worker = Worker(settings, account, store)
    settle()


def become_worker() -> None:
    """Ctrl-C is the parent's to handle, and a parent that died ends this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()


def work(chunk: Sequence[Numbered]) -> list[Line]:
    assert _worker is not None  # noqa: S101 - the pool calls `start` first
    return _worker.lines(chunk)


def _line(triage: Triage) -> Line:
    return Line(triage.model_dump_json(), outcome=triage.outcome, degraded=triage.degraded)


def _error(number: int, message: Message | None, detail: str, problems: Sequence[FieldProblem] = ()) -> str:
    """`message_hash`, where there is one, tells a later run which line this is the result of."""
    document: dict[str, object] = {
        "error": {
            "line": number,
            "detail": detail,
            "errors": [{"field": p.field, "message": p.message} for p in problems],
        }
    }
    if message is not None:
        document |= {"external_id": message.external_id, "message_hash": message.fingerprint}
    return json.dumps(document, ensure_ascii=False)
