import asyncio
import gc
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from service.desk.learning.versions import Fitted, Learning
from service.desk.playbooks.versions import Playbooks
from service.desk.shelf import Shelf
from service.domain.playbook import Playbook
from service.pipeline.knowledge import Knowledge
from service.storage.database import Database
from service.storage.playbooks import Files
from service.wiring import build_desk
from tests.conftest import GivenSettings
from tests.service.samples import parse


async def test_messages_that_come_in_together_share_one_load_of_what_is_known(database: Database, club: str) -> None:
    built: list[str] = []

    def build(playbook: Playbook, learned: object) -> Knowledge:
        built.append(playbook.version)
        return cast(Knowledge, SimpleNamespace(asking=None))

    def fit(*_: Any) -> Fitted:
        raise AssertionError("nothing is fitted here")

    playbooks = Playbooks(database, parse)
    shelf = Shelf(playbooks, Learning(database, playbooks, fit), build)
    found = await asyncio.gather(*(shelf.of(club) for _ in range(30)))
    assert len(built) == 1
    assert len({id(one) for one in found}) == 1
    shelf.forget()
    assert await shelf.of(club) is found[0]
    assert len(built) == 1


async def test_desks_of_one_process_parse_a_playbook_once_for_as_long_as_one_has_it(
    database: Database, club: str
) -> None:
    parsed: list[int] = []

    def counted(files: Files) -> Playbook:
        parsed.append(len(files))
        return parse(files)

    first, second = Playbooks(database, counted), Playbooks(database, counted)
    assert await first.active(club) is await second.active(club)
    assert len(parsed) == 1
    del first, second
    gc.collect()
    await Playbooks(database, counted).active(club)
    assert len(parsed) == 2


async def test_desks_of_one_process_read_what_was_learned_once(small_folder: Path) -> None:
    desks = [build_desk(GivenSettings(data=small_folder), index=False) for _ in range(2)]
    first, second = [(await desk.shelf.of("petit")).learned for desk in desks]
    assert first is not None
    assert first is second
    assert first.version == await desks[1].learning.active_version("petit")
    for desk in desks:
        desk.close()
