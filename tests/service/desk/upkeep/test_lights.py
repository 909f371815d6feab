"""Every alert has a line of `doctor` that says what is wrong, since when and what to do; on a good day none is red."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml

from service.desk.intake.backlog import Backlog
from service.desk.intake.receiving import Intake
from service.desk.oversight.tallying import Tallying
from service.desk.upkeep.check import Check
from service.desk.upkeep.health import Health
from service.desk.upkeep.lights import bounds
from service.domain.webhook import Webhook
from service.storage import privacy_records, refits, triages, webhooks
from service.storage.database import Database
from service.storage.events import new_event, record
from service.storage.ids import new_id
from service.storage.triages import Concluded
from tests.service.desk.oversight.test_mix import teach
from tests.service.samples import ACCOUNT, a_message, a_triage

ALERTS = Path(__file__).resolve().parents[4] / "docker" / "prometheus" / "alerts.yml"
RULES = yaml.safe_load(ALERTS.read_text("utf-8"))["groups"][0]["rules"]
NOW = datetime.fromisoformat("2026-11-18T12:00:00+00:00")
DAYS_AGO, MINUTES_AGO = NOW - timedelta(days=3), NOW - timedelta(minutes=5)


def health(database: Database, *degraded: str) -> Health:
    return Health(database, lambda: degraded, clock=lambda: NOW)


async def seen(told: Health) -> dict[str, Check]:
    return {one.name.rpartition(": ")[2]: one for one in (*await told.checks(), *await told.lights())}


def concluded(database: Database, count: int, outcome: str, degraded: bool, at: datetime) -> list[str]:
    """Ids of the messages."""
    ids = [new_id() for _ in range(count)]
    with database.writing() as transaction:
        for id_ in ids:
            message, queue = (
                a_message(None, account=ACCOUNT, received_at=at),
                "facture" if outcome == "routed" else None,
            )
            triage = a_triage(message, id_, queue, degraded=degraded, created_at=at)
            triages.store_new(transaction, Concluded(message, triage, message.fingerprint), at)
    return ids


def corrected(database: Database, ids: Sequence[str], queue: str = "sinistre") -> None:
    with database.writing() as transaction:
        for id_ in ids:
            record(transaction, new_event("queue_corrected", id_, NOW, ACCOUNT, "Ada", after={"queue": queue}))


async def waiting(database: Database) -> str:
    return (await Intake(database, lambda: None, lambda: DAYS_AGO).receive(a_message(None, account=ACCOUNT))).id


async def bad_day(database: Database) -> None:
    teach(database, sinistre=60, resiliation=60)
    concluded(database, 30, "routed", False, DAYS_AGO)
    corrected(database, concluded(database, 120, "routed", False, MINUTES_AGO)[:30])
    concluded(database, 130, "abstained", True, MINUTES_AGO)
    await waiting(database)
    failed = await waiting(database)
    for _ in range(5):
        await Backlog(database, lambda: NOW).fail(failed, ZeroDivisionError())
    hook = Webhook(id=new_id(), account=ACCOUNT, url="https://example.org", events=("message.triaged",), created_at=NOW)
    with database.writing() as transaction:
        webhooks.add(transaction, hook, "secret")
        webhooks.announce(transaction, "message.triaged", ACCOUNT, (failed, None), {}, DAYS_AGO)
        transaction.exec_driver_sql("UPDATE deliveries SET state = 'dead'")
        privacy_records.take_chore(transaction, "purge", "a", DAYS_AGO, timedelta(minutes=5))
        privacy_records.end_chore(transaction, "purge", "a", DAYS_AGO)
        refits.failed(transaction, ACCOUNT, "MemoryError", MINUTES_AGO)
    await Tallying(database).count()


async def test_every_alert_is_a_red_line_that_says_what_to_do(database: Database, club: str) -> None:
    await bad_day(database)
    lines = await seen(health(database, "index"))
    explained = [rule["annotations"]["doctor"] for rule in RULES]
    assert sorted(set(explained)) == sorted(explained)
    explained.remove("database")  # without which there are no other lines
    assert [name for name in explained if lines[name].ok] == []
    assert [name for name in explained if not lines[name].cure] == []
    assert [name for name in explained if lines[name].since is None] == ["search"]  # only the server knows
    assert lines["duties"].since == DAYS_AGO
    assert "purge" in lines["duties"].detail
    assert lines["backlog"].since == lines["webhooks"].since == lines["waiting"].since == DAYS_AGO
    assert lines["degraded"].since == lines["refit"].since == MINUTES_AGO
    assert "72 h" in lines["waiting"].detail
    assert "130 of 250" in lines["degraded"].detail
    assert "facture" in lines["mix"].detail


async def test_a_database_that_is_away_is_a_red_line_that_says_what_to_do() -> None:
    away = Database("postgresql://nobody@/none?host=/nowhere")
    lines = await seen(health(away))
    assert list(lines) == ["database"]
    assert not lines["database"].ok
    assert lines["database"].cure
    away.close()


async def test_on_a_good_day_none_is_red(database: Database, club: str) -> None:
    teach(database, facture=60)
    concluded(database, 120, "routed", False, DAYS_AGO)
    concluded(database, 120, "routed", False, MINUTES_AGO)
    corrected(database, concluded(database, 90, "abstained", False, DAYS_AGO), "facture")  # what nobody had routed
    await Tallying(database).count()
    lines = await seen(health(database))
    assert [name for name in (rule["annotations"]["doctor"] for rule in RULES) if not lines[name].ok] == []


async def test_a_few_messages_say_nothing_of_shares(database: Database, club: str) -> None:
    concluded(database, 20, "abstained", False, MINUTES_AGO)
    assert (await seen(health(database)))["abstained"].ok


async def test_without_its_tables_doctor_has_no_lights(empty_url: str) -> None:
    empty = Database(empty_url)
    assert await Health(empty).lights() == ()
    empty.close()


@pytest.mark.parametrize(
    ("alert", "bound"),
    [
        ("MessagesWait", bounds().waiting_s),
        ("Degraded", bounds().degraded),
        ("Abstains", bounds().abstained),
        ("Abstains", bounds().least),
        ("Corrected", bounds().corrected),
        ("Corrected", bounds().least),
        ("MixMoved", bounds().shift),
    ],
)
def test_alerts_and_doctor_go_by_the_same_numbers(alert: str, bound: float) -> None:
    (asked,) = [rule["expr"] for rule in RULES if rule["alert"] == f"Aiguilleur{alert}"]
    assert f"> {bound:g}" in asked
