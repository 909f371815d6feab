"""Leases that last as long as the work they are for."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from service.errors import AiguilleurError


@asynccontextmanager
async def renewed(every_s: float, renew: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
    """Renews every so many seconds until it is left; where that fails, once more the next time, since the database may
    be back before the lease ends."""
    renewing = asyncio.create_task(_again_and_again(every_s, renew))
    try:
        yield
    finally:
        renewing.cancel()


async def _again_and_again(every_s: float, renew: Callable[[], Awaitable[object]]) -> None:
    while True:
        await asyncio.sleep(every_s)
        with suppress(AiguilleurError):
            await renew()
