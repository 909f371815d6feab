"""Encryption at rest: what was stored before its key, sealed while the service runs."""

from collections.abc import Callable

from service.desk.clock import utc_now
from service.storage import privacy_encrypt
from service.storage.database import Database
from service.storage.privacy_encrypt import Place
from service.storage.privacy_wipe import wipe


class Sealing:
    """Without a key in the settings it refuses. It can be stopped at any time, and goes on where it was."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def waiting(self) -> dict[str, int]:
        """Rows by table that the newest key has not sealed. Reads everything. Raises RefusedError without a key."""
        return await self._database.read(privacy_encrypt.waiting)

    async def seal(self, tell: Callable[[str, int], None] = lambda *_: None) -> dict[str, int]:
        """Seals them, and notes that older keys are needed no more; `tell` hears of each batch. How many were sealed,
        by table. Raises RefusedError, UnavailableError where a row's own key is not there."""
        counts = {table: await self._seal(table, tell) for table in privacy_encrypt.sealed_columns()}
        await self._database.write(privacy_encrypt.settled, utc_now())
        if any(counts.values()):
            wipe(self._database, thoroughly=True)
        return counts

    async def _seal(self, table: str, tell: Callable[[str, int], None]) -> int:
        total, after, going = 0, None, True
        while going:
            count, place = await self._next(table, after)
            total, after, going = total + count, place, place is not None
            tell(table, count)
        return total

    async def _next(self, table: str, after: Place | None) -> tuple[int, Place | None]:
        return await self._database.write(privacy_encrypt.seal_some, table, after)
