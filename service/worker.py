"""Triages messages that were received to be triaged later. Runs inside `serve` and `worker`, on its event loop."""

import contextlib
import secrets
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic

from service.desk.intake.backlog import Backlog
from service.errors import AiguilleurError, OvertakenError, UnavailableError, UnreadableError, WaitsError
from service.log import Said, code_of, id_of, log
from service.rounds import Takers

RENEWED_FOR_S = 600.0
"""No message takes longer: what seems to is left to another worker."""


class Worker(Takers):
    """Takes what waits, what is due first, also what a crash left behind; up to `concurrency` at a time.

    `finish` gets a message's id and this worker's name, which no other has. `wake` makes it look at once; without it,
    it looks every `poll_s` seconds.
    """

    def __init__(
        self,
        backlog: Backlog,
        finish: Callable[[str, str], Awaitable[object]],
        concurrency: int = 8,
        poll_s: float = 2.0,
        grace_s: float = 4.0,
    ) -> None:
        self._backlog = backlog
        super().__init__("worker", Said.WORKER_BLIND, min(poll_s, self._renew_s), grace_s)
        self.name = f"{self.name}:{secrets.token_hex(4)}"
        self._finish = finish
        self._concurrency = concurrency
        self._began: dict[str, float] = {}
        self._renewed_at = 0.0

    async def look(self) -> None:
        await self._renew()
        await self._take()

    @property
    def _renew_s(self) -> float:
        return max(0.05, self._backlog.lease.total_seconds() / 3)

    async def _renew(self) -> None:
        now = monotonic()
        if not self._tasks or now - self._renewed_at < self._renew_s:
            return
        self._renewed_at = now
        ids = [one for one in self._tasks if now - self._began[one] < RENEWED_FOR_S]
        try:
            await self._backlog.renew(self.name, ids)
        except Exception as error:
            log(Said.WORKER_BLIND, cause=code_of(error))

    async def _take(self) -> None:
        free = self._concurrency - len(self._tasks)
        if free == 0:
            return
        for message_id in await self._backlog.take(self.name, free):
            if message_id not in self._tasks:  # else it slept past its lease, and holds the message again
                self._began[message_id] = monotonic()
                self._begin(message_id, self._triage(message_id))

    def _done(self, taken: str, _: object) -> None:
        self._began.pop(taken, None)
        super()._done(taken, _)

    async def _triage(self, message_id: str) -> None:
        try:
            await self._finish(message_id, self.name)
        except OvertakenError:
            log(Said.OVERTAKEN, message=id_of(message_id))
        except (UnavailableError, WaitsError) as error:
            # Not the message's fault, so not counted.
            log(Said.MESSAGE_WAITS, message=id_of(message_id), cause=code_of(error))
            waits_in_line = isinstance(error, UnreadableError)  # where the backlog leaves all of its account
            await self._give_back([message_id], 0 if waits_in_line else error.retry_after)
        except Exception as error:
            log(Said.MESSAGE_FAILED, message=id_of(message_id), cause=code_of(error))
            with contextlib.suppress(AiguilleurError):
                await self._backlog.fail(message_id, error, self.name)

    async def _give_back(self, ids: Sequence[str], rest_s: int = 0) -> None:
        """Where the database is away, the leases end by themselves."""
        with contextlib.suppress(AiguilleurError):
            await self._backlog.give_back(self.name, ids, rest_s)
