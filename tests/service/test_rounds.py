"""What looks every so often ends when it is told to, whatever its look does with that."""

import asyncio

import pytest

from service import rounds
from service.errors import UnavailableError
from service.log import Said
from service.rounds import Rounds


class GivesBackInVain(Rounds):
    """Is cut short, and cannot give back what it has taken: the database is away."""

    def __init__(self) -> None:
        super().__init__("test", Said.DUTY_FAILED, 0.01)
        self.looks = 0
        self.looking = asyncio.Event()

    async def look(self) -> None:
        self.looks += 1
        self.looking.set()
        try:
            await asyncio.sleep(60)
        finally:
            raise UnavailableError("The database does not answer.")


class Looks(Rounds):
    def __init__(self) -> None:
        super().__init__("test", Said.DUTY_FAILED, 60)
        self.looks = 0

    async def look(self) -> None:
        self.looks += 1


def test_it_stops_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "CANCEL_AGAIN_S", 0.05)

    async def stopped() -> int:
        one = GivesBackInVain()
        one.start()
        await one.looking.wait()
        await asyncio.wait_for(one.stop(), 5)
        return one.looks

    assert asyncio.run(stopped()) == 1


def test_it_stops_in_the_moment_in_which_it_is_woken() -> None:
    async def stopped() -> int:
        one = Looks()
        one.start()
        await asyncio.sleep(0.01)
        one.wake()
        await asyncio.sleep(0)
        await asyncio.wait_for(one.stop(), 5)
        return one.looks

    assert asyncio.run(stopped()) in {1, 2}


def test_it_looks_at_once_when_it_is_woken() -> None:
    async def woken() -> int:
        one = Looks()
        one.start()
        await asyncio.sleep(0.01)
        one.wake()
        await asyncio.sleep(0.01)
        await one.stop()
        return one.looks

    assert asyncio.run(woken()) == 2
