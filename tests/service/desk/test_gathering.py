"""What comes in together is written together, and each has its own answer."""

import asyncio

import pytest
from sqlalchemy.exc import IntegrityError

from service.desk.gathering import Gathered
from service.errors import BusyError, RefusedError, UnavailableError
from service.storage.database import Database, Transaction
from service.storage.schema import attempts
from tests.service.samples import NOW


class Verb:
    """Writes a row of that name, unless it is told not to."""

    def __init__(self) -> None:
        self.transactions: list[list[str]] = []
        self._last: Transaction | None = None

    def __call__(self, transaction: Transaction, name: str) -> str:
        if transaction is not self._last:
            self._last = transaction
            self.transactions.append([])
        if name == "refused":
            raise RefusedError("no")
        if name == "away":
            raise UnavailableError("away")
        row = {"id": name.removesuffix(" again"), "failures": 0, "last_at": NOW}
        transaction.execute(attempts.insert(), row)
        self.transactions[-1].append(name)
        return f"{name} is written"


@pytest.fixture
def verb() -> Verb:
    return Verb()


def gathered(database: Database, verb: Verb, longest: int = 100) -> Gathered[str, str]:
    return Gathered(database, verb, key=str, most=20, longest=longest)


def stored(database: Database) -> set[str]:
    with database.reading() as transaction:
        return set(transaction.execute(attempts.select()).scalars())


async def test_what_stands_in_line_shares_a_transaction_and_each_has_its_own_answer(
    database: Database, verb: Verb
) -> None:
    line, names = gathered(database, verb), [f"n-{number:02}" for number in range(45)]
    answers = await asyncio.gather(*map(line.write, reversed(names)))
    assert answers == [f"{name} is written" for name in reversed(names)]
    assert [len(each) for each in verb.transactions] == [20, 20, 5]
    assert [each == sorted(each) for each in verb.transactions] == [True, True, True]
    assert stored(database) == set(names)
    assert await line.write("later") == "later is written"


async def test_one_that_cannot_be_written_takes_nobody_along(database: Database, verb: Verb) -> None:
    line = gathered(database, verb)
    asked = ("a", "refused", "b", "b again", "c")
    answers = await asyncio.gather(*map(line.write, asked), return_exceptions=True)
    assert [type(answer) for answer in answers] == [str, RefusedError, str, IntegrityError, str]
    assert stored(database) == {"a", "b", "c"}


async def test_a_database_that_is_away_is_away_for_all_who_wait(database: Database, verb: Verb) -> None:
    line = gathered(database, verb)
    answers = await asyncio.gather(*map(line.write, ("a", "away", "b")), return_exceptions=True)
    assert [type(answer) for answer in answers] == [UnavailableError] * 3
    assert stored(database) == set()


async def test_a_line_that_is_too_long_refuses_and_says_when_to_come_back(database: Database, verb: Verb) -> None:
    line = gathered(database, verb, longest=5)
    answers = await asyncio.gather(*(line.write(f"n-{number}") for number in range(8)), return_exceptions=True)
    late = [answer for answer in answers if isinstance(answer, BusyError)]
    assert [(one.retry_after > 0, len(one.problems)) for one in late] == [(True, 1)] * 3
    assert len(stored(database)) == 5


async def test_who_goes_away_holds_nobody_up(database: Database, verb: Verb) -> None:
    line = gathered(database, verb)
    first, gone, last = (asyncio.create_task(line.write(name)) for name in ("first", "gone", "last"))
    await asyncio.sleep(0)
    gone.cancel()
    assert await first == "first is written"
    assert await last == "last is written"
    assert {"first", "last"} <= stored(database)
