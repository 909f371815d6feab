"""A second account, for what must stay apart."""

import asyncio
from pathlib import Path

import pytest

from tests.door import Door
from tests.service.small_account import write_account


@pytest.fixture
def two_accounts(door: Door, tmp_path: Path) -> Door:
    """The reference account, and `autre`."""

    async def add() -> None:
        await door.desk.import_folder(write_account(tmp_path / "autre"), by="test")
        await door.desk.learning.learn("autre", by="test")

    asyncio.run(add())
    return door
