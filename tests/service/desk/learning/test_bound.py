"""An account learns from so many messages: replies confirm ever more of them."""

from datetime import datetime, timedelta

import pytest

from service.desk.answers.passages import lesson_passages
from service.desk.learning.confirmed import ConfirmedMessages
from service.desk.learning.refit import Pace, Refits
from service.desk.learning.versions import Fitted, Learning
from service.desk.playbooks.versions import Playbooks
from service.domain.collections import confirmed_of
from service.storage import confirmed, passages
from service.storage.confirmed import Lesson, Source
from service.storage.database import Database, Transaction
from service.storage.events import history
from tests.service.samples import NOW, a_confirmed, a_playbook, prepare

IMPORTED = {f"common-{n}" for n in range(50)}
MOST = 65
"""A twentieth of it is let go beside what is too many: three. A tenth of it, the latest replies, stays: six."""


def teach(transaction: Transaction, queue: str, source: Source, at: datetime, *ids: str) -> None:
    """Each an hour after the one before."""
    for hours, one in enumerate(ids):
        known = a_confirmed(one, queue)
        lesson = Lesson(known, prepare(known.message, a_playbook()), source, "lea")
        confirmed.put(transaction, "club", [lesson], at + timedelta(hours=hours))
        passages.put(transaction, confirmed_of("club"), lesson_passages([lesson]))


async def learned_from(database: Database) -> set[str]:
    """What search finds and what is fitted are the same."""
    left = {lesson.id for lesson in await database.read(confirmed.lessons, "club")}
    found = await database.read(passages.read, confirmed_of("club"), "builtin")
    assert {one.passage.id for one in found} == left
    return left


@pytest.fixture
async def learning(database: Database, playbooks: Playbooks, club: str) -> Learning:
    """Fifty imported messages of one queue."""
    new = [a_confirmed(one) for one in sorted(IMPORTED)]
    await ConfirmedMessages(database, prepare).import_(a_playbook(), new, "lea")
    fitted = Fitted("fit", b"\x00", {})
    return Learning(database, playbooks, lambda *_: fitted, lambda: NOW, most=MOST)


@pytest.mark.parametrize("in_the_background", [True, False])
async def test_beyond_the_bound_the_oldest_replies_of_the_fullest_queue_go(
    database: Database, learning: Learning, in_the_background: bool
) -> None:
    await database.write(teach, "facture", "reply", NOW, *(f"f{n}" for n in range(1, 8)))
    await database.write(teach, "sinistre", "reply", NOW, *(f"s{n}" for n in range(1, 9)))
    await learning.learn("club", "lead")
    assert len(await learned_from(database)) == MOST
    await database.write(teach, "facture", "reply", NOW + timedelta(hours=9), "f8")
    if in_the_background:
        await learning.want("club", "lead")
        refits = Refits(database, learning, Pace(), lambda: NOW)
        assert await refits.take("club", "here")
        await refits.run("club", "here")
    else:
        await learning.learn("club", "lead")
    assert await learned_from(database) == IMPORTED | {"f5", "f6", "f7", "f8", *(f"s{n}" for n in range(1, 9))}
    (told,) = [one for one in await database.read(history, "club") if one.kind == "lessons_let_go"]
    assert told.after == {"count": 4, "left": 62}


async def test_what_people_said_themselves_stays_whatever_its_number(database: Database, learning: Learning) -> None:
    await database.write(teach, "sinistre", "correction", NOW, *(f"c{n}" for n in range(20)))
    await database.write(teach, "facture", "audit", NOW, "a1")
    replies = [f"f{n:02}" for n in range(1, 13)]
    await database.write(teach, "facture", "reply", NOW, *replies)
    await learning.learn("club", "lead")
    left = await learned_from(database)
    assert len(left) == 77
    assert left & set(replies) == set(replies[6:])


async def test_the_latest_replies_teach_however_much_was_imported_and_search_is_not_made_anew_for_each(
    database: Database, learning: Learning
) -> None:
    await database.write(teach, "sinistre", "correction", NOW, *(f"c{n}" for n in range(20)))
    replies = [f"f{n:02}" for n in range(1, 21)]
    for at, one in enumerate(replies):
        await database.write(teach, "facture", "reply", NOW + timedelta(hours=at), one)
        await learning.learn("club", "lead")
        kept = sorted(await learned_from(database) & set(replies))
        assert kept == replies[at + 1 - len(kept) : at + 1]
        assert min(6, at + 1) <= len(kept) <= 6 + 3
    assert [one.kind for one in await database.read(history, "club")].count("lessons_let_go") == 3
