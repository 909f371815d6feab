"""A process of its own that hands the same message in many times at once: `hand_in URL TIMES`."""

import asyncio
import json
import sys

from service.desk.intake.triage import TriageDesk
from service.storage.database import Database
from tests.service.samples import CountingPipeline, a_message


async def main(url: str, times: int) -> None:
    database = Database(url)
    desk = TriageDesk(database, CountingPipeline(0.05))
    answers = await asyncio.gather(*(desk.triage(a_message()) for _ in range(times)))
    sys.stdout.write(json.dumps([answer.model_dump_json() for answer in answers]))
    database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
