"""A small account that learns fast: three queues, one of which must not be missed, over a store of its own."""

import asyncio
from pathlib import Path

from service.settings import Settings
from service.storage.migrate import migrate
from service.wiring import build_desk
from tests.service.small_account import QUEUE, write_account

ACCOUNT = "petit"


def taught_store(settings: Settings, folder: Path, answers: str = "") -> None:
    """Imports `petit` from the folder that it is written into, with more answers as YAML, and learns from it."""
    about = {"id": "deces", "label": "Décès", "sla": 4, "definition": "Un membre est mort.", "keyword": "décès ^5"}
    write_account(folder, ACCOUNT)
    (folder / "queues" / "deces.yaml").write_text(QUEUE.format(**about) + "must_not_miss: true\n", "utf-8")
    with (folder / "answers.yaml").open("a", encoding="utf-8") as library:
        library.write(answers)
    learn_folder(settings, folder)


def learn_folder(settings: Settings, folder: Path) -> None:
    """Imports the account `petit` that the folder holds, and learns from it."""
    desk = build_desk(settings, index=False)
    migrate(desk.database)

    async def teach() -> None:
        await desk.import_folder(folder, by="test")
        await desk.learning.learn(ACCOUNT, by="test")

    asyncio.run(teach())
    desk.close()
