"""Once a day removes what is past its term, and finishes erasures. Runs inside `serve` and `worker`, in one process at
a time."""

from collections.abc import Awaitable, Callable, Sequence

from service.desk.privacy.retention import CHORE, Purging
from service.domain.privacy import Erasure
from service.log import Said
from service.rounds import Rounds

BY = "retention"

Finish = Callable[[], Awaitable[Sequence[Erasure]]]
Observe = Callable[[str, int], None]
"""Counts messages that are gone: `erasure` or `purge`, how many."""
Failed = Callable[[str], None]
"""Counts a duty that could not be done whole, by its name."""


class Purger(Rounds):
    """Looks whether a day has passed since the last purge, by whichever process, and whether an erasure has left
    something to do."""

    def __init__(
        self,
        purging: Purging,
        finish: Finish,
        interrupt: Callable[[], None] = lambda: None,
        observe: Observe = lambda *_: None,
        failed: Failed = lambda _: None,
        poll_s: float = 60.0,
    ) -> None:
        super().__init__("purger", Said.PURGE_FAILED, poll_s)
        self._purging = purging
        self._finish = finish
        self._interrupt = interrupt
        self._observe = observe
        self._failed = failed

    async def stop(self) -> None:
        """What it is at goes on another time, from where it was."""
        self._interrupt()
        await super().stop()

    async def look(self) -> None:
        if await self._purging.due():
            purged = await self._purging.purge(BY, self.name, scheduled=True)
            self._observe("purge", purged.record.counts.get("messages", 0) if purged.record else 0)
            if purged.failed:
                self._failed(CHORE)
        await self._finish()
