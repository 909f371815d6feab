"""The steps of a message's way, told by what a transaction writes, and a death at one of them."""

import os
import signal
import threading
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

STEPS = {
    "triage": ("INSERT INTO triages",),
    "intake": ("INSERT INTO messages",),
    "answer": ("INSERT INTO model_answers",),
    "take": ("UPDATE messages SET leased_by",),
    "told": ("UPDATE deliveries SET", "state="),
    "parcel": ("UPDATE deliveries SET leased_by",),
}
"""By the words of a statement, the telling ones first: a message is taken in, taken by a worker, the model's answer is
kept, the triage is stored, its delivery is taken by a courier, and marked as told."""

WROTE = "wrote"


class Plan(NamedTuple):
    """Die at that step, before its commit or after it, the `nth` time."""

    step: str
    after: bool
    nth: int = 1

    def __str__(self) -> str:
        return f"kill -9 {'after' if self.after else 'before'} the commit of {self.step}"


class Doom:
    """Listens to every transaction of this process, and kills it where the plan says; plans come through a pipe."""

    def __init__(self, plans: Connection) -> None:
        self._plans = plans
        self._plan: Plan | None = None
        self._seen = 0
        event.listen(Engine, "before_cursor_execute", self._wrote)
        event.listen(Engine, "commit", self._committing)
        event.listen(Pool, "checkin", self._committed)
        threading.Thread(target=self._heed, daemon=True).start()

    def _heed(self) -> None:
        while True:
            try:
                plan = self._plans.recv()
            except (EOFError, OSError):
                return
            self._seen, self._plan = 0, plan

    def _wrote(self, connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        for step, words in STEPS.items():
            if all(word in statement for word in words):
                connection.info.setdefault(WROTE, set()).add(step)
                return

    def _committing(self, connection: Any) -> None:
        if (plan := self._plan) is not None and not plan.after and plan.step in connection.info.get(WROTE, ()):
            self._count(plan)

    def _committed(self, _raw: Any, record: Any) -> None:
        wrote = record.info.pop(WROTE, ()) if record is not None else ()
        if (plan := self._plan) is not None and plan.after and plan.step in wrote:
            self._count(plan)

    def _count(self, plan: Plan) -> None:
        self._seen += 1
        if self._seen >= plan.nth:
            os.kill(os.getpid(), signal.SIGKILL)
