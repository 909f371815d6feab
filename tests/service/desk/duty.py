"""A process of its own that does a duty for a while: `duty URL SECONDS EVERY_S`; it prints how often it did."""

import asyncio
import sys
from datetime import timedelta
from time import monotonic

from service.desk.upkeep.schedule import Schedule
from service.scheduler import Scheduler
from service.storage.database import Database


async def main(url: str, seconds: float, every_s: float) -> None:
    database, done = Database(url), 0

    async def work() -> None:
        nonlocal done
        done += 1
        await asyncio.sleep(0.01)

    scheduler = Scheduler([(Schedule(database, "digest", timedelta(seconds=every_s)), work)])
    end = monotonic() + seconds
    while monotonic() < end:
        await scheduler.look()
    sys.stdout.write(f"{done}\n")
    database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3])))
