"""What a team can answer is the same in a count, in a list and for the next one, on either database."""

import asyncio
from itertools import product

import pytest

from service.desk.board.board import Board, Look
from service.desk.board.claiming import Claiming
from service.domain.team import Reach, level_of
from service.storage import board, cases
from service.storage.database import Database
from service.storage.schema import cases as case_table
from tests.service.desk.board.test_board import shown, stored
from tests.service.samples import ACCOUNT, NOW

HARDER = {"sinistre": 2, "deces": 3}
QUEUES = (None, "facture", "sinistre", "deces", "gone")
REACHES = [
    Reach(account, frozenset(levels), frozenset(languages), frozenset(queues), HARDER)
    for account, levels, languages, queues in product(
        (ACCOUNT, "other"), ((1,), (2, 3), (1, 2, 3)), ((), ("fr",), ("es", "de")), ((), ("facture", "deces"))
    )
]


@pytest.mark.parametrize(
    ("queue", "raised", "level"),
    [(None, None, 1), ("gone", None, 1), ("sinistre", None, 2), ("facture", 3, 3), ("deces", 2, 3), (None, 2, 2)],
)
def test_a_message_is_of_its_queues_level_or_of_the_one_it_was_raised_to(
    queue: str | None, raised: int | None, level: int
) -> None:
    assert level_of(queue, raised, HARDER) == level


@pytest.fixture
def made(database: Database, club: str) -> dict[str, tuple[str | None, str | None, int | None]]:
    """A message of each kind, by id."""
    kinds = {}
    for number, of in enumerate(product(QUEUES, ("fr", "es", None), (None, 2, 3))):
        message_id = stored(database, of[0], number)
        with database.writing() as transaction:
            cases.change(transaction, message_id, language=of[1], raised=of[2])
        kinds[message_id] = of
    return kinds


async def test_lists_counts_and_the_next_one_agree_with_the_rule(
    database: Database, made: dict[str, tuple[str | None, str | None, int | None]]
) -> None:
    desk = Board(database, lambda: NOW)
    for reach in REACHES:
        fits = [name for name, of in made.items() if reach.covers(ACCOUNT, *of)]
        assert found(database, Look(reach=(reach,))) == fits
        assert found(database, Look(out_of_reach=(reach,))) == [name for name in made if name not in fits]
        standing = await desk.standing((ACCOUNT,), (reach,), (reach,))
        assert sum(pile.count for pile in standing.piles) == len(fits)
        assert standing.beyond == standing.stranded == len(made) - len(fits)
    two = (REACHES[0], REACHES[-1])
    either = [name for name, of in made.items() if any(one.covers(ACCOUNT, *of) for one in two)]
    assert found(database, Look(reach=two)) == either
    assert await shown(desk, Look(reach=())) == []


async def test_the_next_one_is_the_first_due_within_reach(
    database: Database, made: dict[str, tuple[str | None, str | None, int | None]]
) -> None:
    claiming, reach = Claiming(database, lambda: NOW), Reach(ACCOUNT, frozenset({2}), frozenset({"es"}), harder=HARDER)
    fits = [name for name, of in made.items() if reach.covers(ACCOUNT, *of)]
    dated = [name for name in fits if made[name][0] is not None]
    took = [await claiming.take_next(Look(reach=(reach,)), "Ada") for _ in range(len(fits) + 1)]
    expected = [*dated, *(name for name in fits if name not in dated), None]
    assert [case.id if case else None for case in took] == expected


def found(database: Database, look: Look) -> list[str]:
    wanted = board.wanted(look).with_only_columns(case_table.c.message_id)
    with database.reading() as transaction:
        return sorted(transaction.execute(wanted).scalars())


async def test_without_teams_everything_is_within_reach(database: Database, club: str) -> None:
    message = stored(database, "deces")
    standing = await Board(database).standing(None)
    assert (standing.beyond, standing.stranded, sum(pile.count for pile in standing.piles)) == (0, 0, 1)
    assert await shown(Board(database), Look()) == [message]


async def test_twelve_of_one_team_who_take_the_next_one_at_once_get_twelve_messages(
    database: Database, club: str
) -> None:
    claiming, reach = Claiming(database, lambda: NOW), Reach(ACCOUNT, frozenset({1}), frozenset({"fr"}), harder=HARDER)
    fits = {stored(database, "facture", number) for number in range(14)}
    others = {stored(database, "sinistre", number) for number in range(5)}
    took = await asyncio.gather(*(claiming.take_next(Look(reach=(reach,)), f"p{number}") for number in range(12)))
    got = {case.id for case in took if case}
    assert len(got) == 12
    assert got <= fits
    assert not got & others
