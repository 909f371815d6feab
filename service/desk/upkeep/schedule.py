"""What is done once in a while, and once however many processes there are."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from service.desk.clock import Clock, utc_now
from service.desk.leases import renewed
from service.storage import privacy_records
from service.storage.database import Database

LEASE = timedelta(minutes=5)

Work = Callable[[], Awaitable[object]]


class Schedule:
    """The duty `name`, due when `every` has passed since it was last done, by whichever process. Whoever takes it holds
    it while it works; one that dies meanwhile leaves it to the others after `lease`, and nobody does it twice in a
    period.

    A last time that lies ahead was told by a clock that has stepped back since: the duty is due.
    """

    def __init__(
        self, database: Database, name: str, every: timedelta, clock: Clock = utc_now, lease: timedelta = LEASE
    ) -> None:
        self.name = name
        self._database = database
        self._every = every
        self._clock = clock
        self._lease = lease

    async def run(self, holder: str, work: Work) -> bool:
        """Does the work where it is due and nobody is at it; whether this call did. Raises what the work raises, which
        leaves the duty due, and UnavailableError."""
        now = self._clock()
        done = await self._database.glance(privacy_records.chore_done, self.name)
        if done is not None and abs(now - done) < self._every:
            return False
        taking = (self.name, holder, now, self._lease, self._every)
        if not await self._database.write(privacy_records.take_chore, *taking):
            return False
        finished = None
        try:
            async with renewed(self._lease.total_seconds() / 3, lambda: self._hold(holder)):
                await work()
            finished = now
        finally:
            await self._database.write(privacy_records.end_chore, self.name, holder, finished)
        return True

    async def _hold(self, holder: str) -> None:
        """Work that takes longer than the lease is nobody else's for that."""
        until = self._clock() + self._lease
        await self._database.write(privacy_records.keep_chore, self.name, holder, until)
