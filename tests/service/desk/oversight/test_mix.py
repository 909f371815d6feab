"""The mix of the last days against what was learned from, on either database."""

from datetime import timedelta

from service.desk.oversight.mix import KEPT_S, Mixing
from service.desk.oversight.tallying import Tallying
from service.domain.confirmed import Confirmed
from service.domain.message import Message
from service.storage import confirmed
from service.storage.confirmed import Lesson
from service.storage.database import Database
from tests.service.desk.oversight.test_tallying import MONDAY, triaged, write
from tests.service.samples import a_playbook, prepare

TUESDAY = MONDAY + timedelta(days=1)


def teach(database: Database, **queues: int) -> None:
    taught = [
        Confirmed(message=Message(external_id=f"{queue}-{at}", body="Bonjour"), queue=queue, language="fr")
        for queue, count in queues.items()
        for at in range(count)
    ]
    with database.writing() as transaction:
        lessons = [Lesson(one, prepare(one.message, a_playbook())) for one in taught]
        confirmed.put(transaction, "club", lessons, MONDAY)


async def test_the_last_whole_days_are_held_against_the_confirmed_messages(database: Database, club: str) -> None:
    teach(database, facture=30, sinistre=30)
    for at in range(30):
        told = {"channel": "email", "received_at": MONDAY.isoformat()}
        write(database, f"m{at}", [(0, "message_received", told), triaged("facture")])
    await Tallying(database).count()
    day, week = await Mixing(database, lambda: TUESDAY).shifts()
    assert (day.account, day.days, week.days) == ("club", 1, 7)
    assert day.shift == week.shift
    assert day.shift.messages == 30
    assert day.shift.index > max(0.25, day.shift.by_chance)
    assert day.shift.moved[0].queue == "sinistre"
    (only,) = await Mixing(database, lambda: TUESDAY + timedelta(days=2)).shifts()
    assert only.days == 7
    assert await Mixing(database, lambda: MONDAY).shifts() == ()  # today is not over


async def test_an_answer_is_kept_for_five_minutes(database: Database, club: str) -> None:
    passed = 0.0
    mixing = Mixing(database, lambda: TUESDAY, lambda: passed)
    teach(database, facture=3)
    assert await mixing.shifts() == ()
    write(database, "m", [(0, "message_received", {"received_at": MONDAY.isoformat()}), triaged("facture")])
    await Tallying(database).count()
    passed = KEPT_S - 1
    assert await mixing.shifts() == ()
    passed = KEPT_S
    assert len(await mixing.shifts()) == 2
