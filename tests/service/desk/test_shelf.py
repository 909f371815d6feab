import asyncio
from types import SimpleNamespace
from typing import Any, cast

from service.desk.learning.versions import Fitted, Learning
from service.desk.playbooks.versions import Playbooks
from service.desk.shelf import Shelf
from service.domain.playbook import Playbook
from service.pipeline.knowledge import Knowledge
from service.storage.database import Database
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
