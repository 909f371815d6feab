"""What comes in together is written together, and each has its own answer."""

import asyncio

import pytest
from sqlalchemy.exc import IntegrityError

from service.desk.intake.gathering import Gathered
from service.errors import RefusedError, UnavailableError
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


def gathered(database: Database, verb: Verb) -> Gathered[str, str]:
    return Gathered(database, verb, key=str, most=20)


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


async def test_who_goes_away_holds_nobody_up(database: Database, verb: Verb) -> None:
    line = gathered(database, verb)
    first, gone, last = (asyncio.create_task(line.write(name)) for name in ("first", "gone", "last"))
    await asyncio.sleep(0)
    gone.cancel()
    assert await first == "first is written"
    assert await last == "last is written"
    assert {"first", "last"} <= stored(database)
