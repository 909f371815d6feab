"""Doors over a small account of two queues: seconds quicker than one over the reference account.

tests/service/conftest.py takes the fixtures in.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.wiring import open_desk
from tests.conftest import GivenSettings, copied
from tests.databases import emptied
from tests.door import Door, open_door
from tests.service.small_account import write_account


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the account `petit`, which has learned."""
    folder = tmp_path_factory.mktemp("petit")
    _teach(GivenSettings(data=folder), folder)
    return folder


def _teach(settings: GivenSettings, folder: Path) -> None:
    desk = open_desk(settings, index=False, ready=False)
    asyncio.run(desk.import_folder(write_account(folder / "account", "petit"), by="test"))
    asyncio.run(desk.learning.learn("petit", by="test"))
    desk.close()


@pytest.fixture(scope="module")
def postgres_door(migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """The doors over PostgreSQL, with the account `petit`, which has learned: a file's tests share it."""
    folder = tmp_path_factory.mktemp("postgres")
    settings = GivenSettings(data=folder / "data", database_url=emptied(migrated))
    _teach(settings, folder)
    with open_door(settings) as door:
        yield door


@pytest.fixture
def small_folder(small_store: Path, tmp_path: Path) -> Path:
    """A data folder of the test's own, on which a program starts in half the time."""
    return copied(small_store, tmp_path / "data")


@pytest.fixture
def small_door(small_folder: Path) -> Iterator[Door]:
    """The doors over a store of the test's own."""
    with open_door(GivenSettings(data=small_folder)) as door:
        yield door
