"""Webhooks at the doors: for admins, of their account, the secret shown once."""

import asyncio

import pytest
from sqlalchemy import delete, insert, select

from service.desk.intake.backlog import Backlog
from service.desk.upkeep.check import Check
from service.desk.webhooks.outbox import Outbox
from service.domain.message import Message
from service.domain.webhook import Answer
from service.storage.database import Transaction
from service.storage.ids import new_id
from service.storage.schema import deliveries
from tests.door import Door, fields_of, problem_of
from tests.service.cli.conftest import Run

URL = "https://crm.example.com/hooks"
NOBODY = "019a9f4e-8c1b-7d02-b1a4-5f0d3c2e9a77"


def test_a_webhook_is_added_listed_and_removed(quiet_door: Door) -> None:
    made = quiet_door.post("/v1/webhooks", {"url": URL, "events": ["message.failed"], "thin": True})
    assert made.status_code == 201
    webhook, secret = made.json()["webhook"], made.json()["secret"]
    assert secret.startswith("whsec_")
    listed = quiet_door.get("/v1/webhooks")
    assert listed.json()["items"] == [webhook]
    assert (webhook["url"], webhook["events"], webhook["thin"]) == (URL, ["message.failed"], True)
    assert secret not in listed.text
    assert quiet_door.call("DELETE", f"/v1/webhooks/{webhook['id']}").status_code == 204
    problem_of(quiet_door.call("DELETE", f"/v1/webhooks/{webhook['id']}"), 404)
    assert quiet_door.get("/v1/webhooks").json()["items"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": "http://crm.example.com/"}, "url"),
        ({"url": "https://169.254.169.254/latest"}, "url"),
        ({"url": URL, "events": []}, "events"),
        ({"url": URL, "events": ["message.read"]}, "events.0"),
        ({"url": URL, "account": "nobody"}, "account"),
        ({}, "url"),
    ],
)
def test_what_cannot_be_a_webhook_is_refused_by_field(quiet_door: Door, body: object, field: str) -> None:
    assert fields_of(quiet_door.post("/v1/webhooks", body)) == [field]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", ""),
        ("GET", ""),
        ("DELETE", f"/{NOBODY}"),
        ("POST", f"/{NOBODY}/test"),
        ("GET", f"/{NOBODY}/deliveries"),
        ("POST", f"/{NOBODY}/resend"),
    ],
)
def test_only_admins_have_to_do_with_webhooks(quiet_door: Door, method: str, path: str) -> None:
    problem_of(quiet_door.client.request(method, f"/v1/webhooks{path}"), 401)
    problem_of(quiet_door.call(method, f"/v1/webhooks{path}", scope="review", json={"url": URL}), 403)
    if path:
        problem_of(quiet_door.call(method, f"/v1/webhooks{path}", json={}), 404)


def test_dead_letters_are_seen_counted_and_sent_again(quiet_door: Door, run: Run) -> None:
    webhook = quiet_door.post("/v1/webhooks", {"url": URL}).json()["webhook"]["id"]
    asyncio.run(_told_it_is_gone(quiet_door))
    (dead,) = quiet_door.get(f"/v1/webhooks/{webhook}/deliveries?state=dead").json()["items"]
    assert (dead["kind"], dead["status"], dead["error"], dead["attempts"]) == ("message.failed", 410, "gone", 1)
    assert 'deliveries{account="autre",state="dead"} 1.0' in quiet_door.client.get("/metrics").text
    data = quiet_door.desk.settings.data
    assert run("webhook", "dead", data=data).out.split("\t")[0] == dead["id"]
    assert "disabled" in run("webhook", "list", data=data).out
    problem_of(quiet_door.post(f"/v1/webhooks/{webhook}/resend?delivery={NOBODY}", {}), 404)
    again = quiet_door.post(f"/v1/webhooks/{webhook}/resend?delivery={dead['id']}", {})
    assert again.json() == {"deliveries": 1}
    assert quiet_door.get(f"/v1/webhooks/{webhook}/deliveries?state=dead").json()["items"] == []


def test_doctor_names_a_webhook_that_its_receiver_ended(quiet_door: Door) -> None:
    webhook = quiet_door.post("/v1/webhooks", {"url": URL}).json()["webhook"]["id"]
    assert _webhooks_check(quiet_door).ok
    asyncio.run(_told_it_is_gone(quiet_door))
    asyncio.run(quiet_door.desk.database.write(lambda transaction: transaction.execute(delete(deliveries))))
    check = _webhooks_check(quiet_door)
    assert (check.ok, check.since is None) == (False, False)
    assert f"0 are dead; nothing is kept for {webhook}, disabled" in check.detail
    assert quiet_door.post(f"/v1/webhooks/{webhook}/resend", {}).json() == {"deliveries": 0}
    assert _webhooks_check(quiet_door).ok


def test_every_dead_letter_is_listed(quiet_door: Door, run: Run) -> None:
    quiet_door.post("/v1/webhooks", {"url": URL})
    asyncio.run(_told_it_is_gone(quiet_door))
    asyncio.run(quiet_door.desk.database.write(_many_more, 230))
    listed = run("webhook", "dead", data=quiet_door.desk.settings.data).out.splitlines()
    assert len({line.split("\t")[0] for line in listed}) == len(listed) == 231


async def _told_it_is_gone(door: Door) -> None:
    receipt = await door.desk.intake.receive(Message(external_id="poison", body="Bonjour"))
    await Backlog(door.desk.database, tries=1).fail(receipt.id, ZeroDivisionError())
    outbox = Outbox(door.desk.database)
    (parcel,) = await outbox.take("test", {})
    await outbox.settle("test", parcel, Answer(status=410, error="refused"))


def _webhooks_check(door: Door) -> Check:
    (check,) = (one for one in asyncio.run(door.desk.health.checks()) if one.name == "webhooks")
    return check


def _many_more(transaction: Transaction, how_many: int) -> None:
    (row,) = transaction.execute(select(deliveries)).mappings()
    transaction.execute(insert(deliveries), [{**row, "id": new_id()} for _ in range(how_many)])


def test_the_command_line_adds_and_tests_a_webhook(quiet_door: Door, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    data = quiet_door.desk.settings.data
    with monkeypatch.context() as allowed:
        allowed.setenv("AIGUILLEUR_WEBHOOK_ALLOW", "127.0.0.1")
        allowed.setenv("AIGUILLEUR_WEBHOOK_HTTP", "1")
        assert run("webhook", "add", "http://127.0.0.1:9/", data=data).out.startswith("whsec_")
    (webhook,) = quiet_door.get("/v1/webhooks").json()["items"]
    tried = run("webhook", "test", webhook["id"], data=data)
    assert (tried.code, tried.out) == (1, "no answer\trefused_target\n")
