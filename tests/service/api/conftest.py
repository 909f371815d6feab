"""A second account, for what must stay apart, and the command line beside the door."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.doors import create_doors
from service.wiring import open_desk
from tests.conftest import GivenSettings
from tests.door import Door
from tests.service.cli.conftest import run
from tests.service.small_account import write_account

__all__ = ["quiet_door", "run", "two_accounts"]


@pytest.fixture
def two_accounts(door: Door, tmp_path: Path) -> Door:
    """The reference account, and `autre`."""

    async def add() -> None:
        await door.desk.import_folder(write_account(tmp_path / "autre"), by="test")
        await door.desk.learning.learn("autre", by="test")

    asyncio.run(add())
    return door


@pytest.fixture
def quiet_door(tmp_path: Path) -> Iterator[Door]:
    """The API over the small account `autre`, without any background work: what is handed in waits."""
    desk = open_desk(GivenSettings(data=tmp_path / "data"), index=False, ready=False)
    asyncio.run(desk.import_folder(write_account(tmp_path / "autre"), by="test"))
    yield Door(TestClient(create_doors(desk), raise_server_exceptions=False), desk)
    desk.close()
