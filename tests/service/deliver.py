"""A courier as a process of its own, for tests that kill it: `python -m tests.service.deliver DATABASE_URL`."""

import asyncio
import sys

from service.connectors.targets import Targets
from service.connectors.webhooks import Poster
from service.courier import Courier
from service.desk.clock import utc_now
from service.desk.webhooks.outbox import Outbox
from service.storage.database import Database


async def run(url: str) -> None:
    poster = Poster(Targets("127.0.0.0/8", plain_http=True))
    Courier(Outbox(Database(url)), lambda parcel: poster(parcel, utc_now())).start()
    await asyncio.sleep(60)


asyncio.run(run(sys.argv[1]))
