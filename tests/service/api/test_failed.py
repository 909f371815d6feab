"""Failed messages at the doors: listed, counted, put back in line."""

import asyncio

import pytest

from service.desk.intake.backlog import Backlog
from service.domain.message import Message
from service.wiring import Desk
from tests.door import Door, problem_of
from tests.service.cli.conftest import Run

MISSING = "019a9f4e-8c1b-7d02-b1a4-5f0d3c2e9a77"


async def failed(desk: Desk) -> str:
    """A message that failed for good, while nobody worked."""
    receipt = await desk.intake.receive(Message(external_id="poison", body="Bonjour, je résilie mon adhésion."))
    await Backlog(desk.database, tries=1).fail(receipt.id, ZeroDivisionError())
    return receipt.id


@pytest.fixture
def failed_id(quiet_door: Door) -> str:
    asyncio.run(quiet_door.desk.worker.stop())
    return asyncio.run(failed(quiet_door.desk))


def test_a_failed_message_is_listed_counted_and_put_back_in_line(quiet_door: Door, failed_id: str) -> None:
    (listed,) = quiet_door.get("/v1/messages?state=failed", scope="triage").json()["items"]
    assert (listed["id"], listed["attempts"], listed["error"]) == (failed_id, 1, "ZeroDivisionError")
    account = listed["account"]
    assert f'unsettled_messages{{account="{account}",state="failed"}} 1.0' in quiet_door.client.get("/metrics").text
    (backlog,) = [one for one in quiet_door.client.get("/readyz").json()["checks"] if one["name"] == "backlog"]
    assert not backlog["ok"]
    assert "aiguilleur messages failed" in backlog["cure"]

    problem_of(quiet_door.post(f"/v1/messages/{failed_id}/retry", {}, scope="triage"), 403)
    again = quiet_door.post(f"/v1/messages/{failed_id}/retry", {}, scope="review")
    assert (again.status_code, again.json()["state"], again.json()["attempts"]) == (202, "received", 0)
    problem_of(quiet_door.post(f"/v1/messages/{failed_id}/retry", {}, scope="review"), 409)
    problem_of(quiet_door.post(f"/v1/messages/{MISSING}/retry", {}, scope="review"), 404)
    assert f'unsettled_messages{{account="{account}",state="failed"}} 0.0' in quiet_door.client.get("/metrics").text
    assert 'oldest_waiting_seconds{account="' in quiet_door.client.get("/metrics").text


def test_the_command_line_lists_failed_messages_and_tries_again(quiet_door: Door, failed_id: str, run: Run) -> None:
    data = quiet_door.desk.settings.data
    listed = run("messages", "failed", data=data)
    assert (listed.code, listed.out.split("\t")[0]) == (0, failed_id)
    assert run("messages", "retry", failed_id, data=data).code == 0
    assert "0 messages" in run("messages", "retry", "--all", data=data).err
