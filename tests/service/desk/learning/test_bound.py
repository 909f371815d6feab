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

IMPORTED = {f"common-{n}" for n in range(60)}
MOST = 65
"""A twentieth of it is let go beside what is too many: three."""


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
    """Sixty imported messages of one queue."""
    new = [a_confirmed(one) for one in sorted(IMPORTED)]
    await ConfirmedMessages(database, prepare).import_(a_playbook(), new, "lea")
    fitted = Fitted("fit", b"\x00", {})
    return Learning(database, playbooks, lambda *_: fitted, lambda: NOW, most=MOST)


@pytest.mark.parametrize("in_the_background", [True, False])
async def test_beyond_the_bound_the_oldest_replies_of_the_fullest_queue_go(
    database: Database, learning: Learning, in_the_background: bool
) -> None:
    await database.write(teach, "facture", "reply", NOW, "f1", "f2")
    await database.write(teach, "sinistre", "reply", NOW, "s1", "s2", "s3")
    await learning.learn("club", "lead")
    assert len(await learned_from(database)) == MOST
    await database.write(teach, "facture", "reply", NOW, "f3")
    if in_the_background:
        await learning.want("club", "lead")
        refits = Refits(database, learning, Pace(), lambda: NOW)
        assert await refits.take("club", "here")
        await refits.run("club", "here")
    else:
        await learning.learn("club", "lead")
    assert await learned_from(database) == IMPORTED | {"s2", "s3"}
    (told,) = [one for one in await database.read(history, "club") if one.kind == "lessons_let_go"]
    assert told.after == {"count": 4, "left": 62}


async def test_what_people_said_themselves_stays_whatever_its_number(database: Database, learning: Learning) -> None:
    await database.write(teach, "sinistre", "correction", NOW, *(f"c{n}" for n in range(9)))
    await database.write(teach, "facture", "audit", NOW, "a1")
    await database.write(teach, "facture", "reply", NOW, "f1")
    await learning.learn("club", "lead")
    left = await learned_from(database)
    assert len(left) == 70
    assert "f1" not in left
