"""Two people never have the same message, on either database."""

import asyncio
from datetime import timedelta

import pytest

from service.desk.board.board import NO_QUEUE, Board, Look
from service.desk.board.claiming import Claiming
from service.desk.board.review import Review
from service.desk.messages import Messages
from service.errors import ConflictError, MissingError
from service.storage.database import Database
from tests.service.desk.board.test_board import stored
from tests.service.samples import ACCOUNT, NOW


@pytest.fixture
def claiming(database: Database) -> Claiming:
    return Claiming(database, lambda: NOW + timedelta(hours=1))


async def told(messages: Messages, message_id: str) -> list[tuple[str, str]]:
    history = await messages.history(message_id)
    return [(event.kind, event.actor) for event in history if event.kind in {"case_claimed", "case_released"}]


async def test_a_claimed_message_is_one_persons_until_it_is_given_back(
    claiming: Claiming, database: Database, messages: Messages
) -> None:
    found = stored(database, "facture")
    claimed = await claiming.claim(found.upper(), "Ada")
    assert (claimed.claimed_by, claimed.claimed_at) == ("Ada", NOW + timedelta(hours=1))
    assert await claiming.claim(found, "Ada") == await messages.get(found)
    for refused in (claiming.claim(found, "Bob"), claiming.release(found, "Bob")):
        with pytest.raises(ConflictError, match="Ada has this message since"):
            await refused
    assert (await claiming.release(found, "Ada")).claimed_by is None
    await claiming.release(found, "Ada")
    assert (await claiming.claim(found, "Bob")).claimed_by == "Bob"
    assert await told(messages, found) == [("case_claimed", "Ada"), ("case_released", "Ada"), ("case_claimed", "Bob")]


async def test_who_may_gives_back_what_another_has(claiming: Claiming, database: Database, messages: Messages) -> None:
    found = stored(database, "facture")
    await claiming.claim(found, "Ada")
    await claiming.release(found, "Lea", of_others=True)
    event = (await messages.history(found))[-1]
    assert (event.kind, event.actor) == ("case_released", "Lea")
    assert (event.before, event.after) == ({"claimed_by": "Ada"}, {"claimed_by": None})


async def test_a_message_of_another_account_is_not_there(claiming: Claiming, database: Database) -> None:
    found = stored(database, "facture")
    for refused in (claiming.claim(found, "Eve", ("other",)), claiming.release(found, "Eve", ()),
                    claiming.claim("no-such-id", "Eve")):  # fmt: skip
        with pytest.raises(MissingError):
            await refused
    assert await claiming.take_next(Look(accounts=("other",)), "Eve") is None


async def test_an_answered_message_is_nobodys_to_take(
    claiming: Claiming, club: str, database: Database, review: Review
) -> None:
    found = stored(database, "facture")
    await review.record_reply(found, "Bonjour", "Ada")
    with pytest.raises(ConflictError, match="answered"):
        await claiming.claim(found, "Bob")
    assert await claiming.take_next(Look(stage="all"), "Bob") is None


async def test_the_next_one_is_the_first_due_that_nobody_has(claiming: Claiming, database: Database) -> None:
    unsorted = stored(database, None, 0)
    late = stored(database, "facture", 9)
    early = stored(database, "sinistre", 2)
    chat = stored(database, "facture", 5, channel="chat")
    mine = stored(database, "facture", 1)
    await claiming.claim(mine, "Bob")
    took = [await claiming.take_next(Look(accounts=(ACCOUNT,), queue="facture", channel="chat"), "Ada")]
    took += [await claiming.take_next(Look(), "Ada") for _ in range(4)]
    assert [case.id if case else None for case in took] == [chat, early, late, unsorted, None]
    assert {case.claimed_by for case in took if case} == {"Ada"}


async def test_what_is_in_no_queue_is_taken_oldest_first(claiming: Claiming, database: Database) -> None:
    ids = [stored(database, None) for _ in range(2)]
    took = [await claiming.take_next(Look(queue=NO_QUEUE), "Ada") for _ in range(2)]
    assert [case.id for case in took if case] == ids


async def test_of_twenty_who_claim_one_message_at_once_one_has_it(
    claiming: Claiming, database: Database, messages: Messages
) -> None:
    found = stored(database, "facture")
    tries = [claiming.claim(found, f"p{number}") for number in range(20)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    (case,) = [one for one in outcomes if not isinstance(one, BaseException)]
    assert all(isinstance(one, ConflictError) for one in outcomes if one is not case)
    assert await told(messages, found) == [("case_claimed", case.claimed_by)]


async def test_twenty_who_take_the_next_one_at_once_get_twenty_messages(
    claiming: Claiming, database: Database, messages: Messages
) -> None:
    ids = {stored(database, "facture", number) for number in range(25)}
    took = await asyncio.gather(*(claiming.take_next(Look(), f"p{number}") for number in range(20)))
    got = {case.id: case.claimed_by for case in took if case}
    assert len(got) == 20
    assert got.keys() <= ids
    for message_id, by in got.items():
        assert (await messages.get(message_id)).claimed_by == by
        assert len(await told(messages, message_id)) == 1


async def test_a_look_finds_what_one_person_has_and_what_nobody_has(claiming: Claiming, database: Database) -> None:
    board = Board(database)
    hers, free = stored(database, "facture"), stored(database, "facture")
    await claiming.claim(hers, "Ada")
    assert [row.case.id for row in (await board.page(Look(holder="Ada"))).items] == [hers]
    assert [row.case.id for row in (await board.page(Look(holder=""))).items] == [free]
    assert [row.case.id for row in (await board.page(Look())).items] == [hers, free]
