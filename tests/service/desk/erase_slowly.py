"""A process that erases a person, dwells in each transaction, and says when it is through: `erase_slowly URL DATA`."""

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.desk.playbooks.versions import Playbooks
from service.desk.privacy.finish import Finishing
from service.desk.privacy.rights import Privacy
from service.storage import privacy_remove
from service.storage.database import Database, Transaction
from tests.service.desk.private import WHO, Upkeep
from tests.service.samples import parse


class Dwelling(Database):
    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        with super().writing() as transaction:
            yield transaction
            time.sleep(0.02)
        sys.stdout.write("written\n")
        sys.stdout.flush()
        time.sleep(0.02)


async def main(url: str, data: Path) -> None:
    privacy_remove.BATCH = 3
    database = Dwelling(url)
    privacy = Privacy(database, Playbooks(database, parse), Finishing(database, Upkeep(database)), data)
    await privacy.erase(WHO, "dpo")
    await privacy.finish()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
