"""So many calls, so many of them at a time."""

import asyncio
from collections.abc import Awaitable, Callable


async def fly(call: Callable[[], Awaitable[None]], in_flight: int, calls: int) -> None:
    """Starts a call as soon as one ends. Raises what the first failing call raised."""
    left = iter(range(calls))

    async def pilot() -> None:
        for _ in left:
            await call()

    async with asyncio.TaskGroup() as group:
        for _ in range(min(in_flight, calls)):
            group.create_task(pilot())
