"""What happens to messages is told to webhooks: signed, in order, at least once, and nothing is lost."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from service.connectors.targets import Targets
from service.connectors.webhooks import Poster, new_webhook_secret
from service.courier import Courier
from service.desk.board.review import Review
from service.desk.clock import utc_now
from service.desk.intake.receiving import Intake
from service.desk.intake.triage import TriageDesk
from service.desk.webhooks.outbox import DAY, LEASE, TRIES, Outbox
from service.desk.webhooks.subscriptions import Webhooks
from service.domain.webhook import Answer, Parcel
from service.storage.database import Database
from tests.receiver import OK, Receiver, receiving, status, verified
from tests.service.desk.conftest import accounts, club, messages, pipeline, playbooks, review, triage_desk
from tests.service.samples import a_message

__all__ = ["accounts", "club", "messages", "pipeline", "playbooks", "review", "triage_desk"]

ROOT = Path(__file__).resolve().parents[2]


class Stepped:
    """A clock that goes on by itself and can be put forward or back."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead

    def step(self, **by: float) -> None:
        self.ahead += timedelta(**by)


@pytest.fixture
def clock() -> Stepped:
    return Stepped()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as one:
        yield one


def post_within(timeout_s: float = 5.0) -> Callable[[Parcel], "asyncio.Future[Answer]"]:
    poster = Poster(Targets("127.0.0.0/8", plain_http=True), timeout_s)
    return lambda parcel: poster(parcel, utc_now())  # type: ignore[return-value]


@pytest.fixture
def webhooks(database: Database, club: str) -> Webhooks:
    return Webhooks(database, Targets("127.0.0.0/8", plain_http=True).check, new_webhook_secret, post_within())


@asynccontextmanager
async def delivering(database: Database, clock: Stepped, timeout_s: float = 5.0) -> AsyncIterator[Courier]:
    courier = Courier(Outbox(database, clock), post_within(timeout_s), poll_s=0.02, grace_s=0.1)
    courier.start()
    try:
        yield courier
    finally:
        await courier.stop()


async def triaged(
    database: Database, desk: TriageDesk, *names: str, clock: Callable[[], datetime] = utc_now
) -> list[str]:
    intake = Intake(database, lambda: None, clock)
    ids = [(await intake.receive(a_message(name))).id for name in names]
    for one in ids:
        await desk.finish(one)
    return ids


async def in_state(webhooks: Webhooks, webhook_id: str, state: str, count: int) -> None:
    async with asyncio.timeout(20):
        while len(await webhooks.deliveries(webhook_id, state, limit=200)) != count:  # type: ignore[arg-type]  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_what_happens_to_a_message_is_told_in_order_and_signed(
    database: Database, webhooks: Webhooks, receiver: Receiver, triage_desk: TriageDesk, review: Review, clock: Stepped
) -> None:
    webhook, secret = await webhooks.add("club", receiver.url("/all"), by="admin")
    await webhooks.add("club", receiver.url("/thin"), ("message.corrected",), thin=True)
    (message,) = await triaged(database, triage_desk, "m-1")
    await review.correct(message, "sinistre", "Nadia", "Dit par Dupont")
    await review.record_reply(message, "Bonjour, Dupont.", "Nadia")
    async with delivering(database, clock):
        await receiver.until(4)
        await in_state(webhooks, webhook.id, "sent", 3)
    heard = [one for one in receiver.heard if one.path == "/all"]
    assert [one.told["type"] for one in heard] == ["message.triaged", "message.corrected", "message.replied"]
    assert all(verified(one, secret) for one in heard)
    assert not verified(heard[0], new_webhook_secret())
    assert all((one.told["id"], one.told["account"]) == (one.id, "club") for one in heard)
    assert len({one.id for one in receiver.heard}) == 4
    assert (heard[0].told["data"]["queue"]["id"], heard[0].told["data"]["id"]) == ("facture", message)
    assert (heard[1].told["data"]["before"], heard[1].told["data"]["queue"]) == ("facture", "sinistre")
    assert b"Nadia" not in heard[1].body + heard[2].body
    (thin,) = [one for one in receiver.heard if one.path == "/thin"]
    assert thin.told["data"] == {"id": message, "external_id": "m-1"}


@pytest.mark.parametrize(
    ("back", "error"),
    [
        (status(500), "failed"),
        (status(301, Location="http://127.0.0.1/elsewhere"), "redirected"),
        (status(404), "refused"),
        (b"", "broken_answer: RemoteProtocolError"),
        (b"\x00\xff rubbish \r\n\r\n", "broken_answer: RemoteProtocolError"),
        (None, "timeout"),
    ],
)
async def test_whatever_an_endpoint_answers_it_is_told_again_with_the_same_id_until_it_takes_it(
    database: Database,
    webhooks: Webhooks,
    receiver: Receiver,
    triage_desk: TriageDesk,
    clock: Stepped,
    back: bytes | None,
    error: str,
) -> None:
    webhook, _ = await webhooks.add("club", receiver.url())
    receiver.answer = lambda count: OK if count > 2 else back
    await triaged(database, triage_desk, "m-1")
    async with delivering(database, clock, timeout_s=0.5):
        for count in (1, 2):
            await receiver.until(count)
            async with asyncio.timeout(10):
                while (one := (await webhooks.deliveries(webhook.id))[0]).attempts != count:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            assert (one.state, one.error) == ("waiting", error)
            clock.step(minutes=1)
        await in_state(webhooks, webhook.id, "sent", 1)
    assert len({(one.id, one.body) for one in receiver.heard}) == 1
    assert (await webhooks.list())[0].failures == 0


async def test_retry_after_is_respected_for_the_whole_endpoint(
    database: Database, webhooks: Webhooks, receiver: Receiver, triage_desk: TriageDesk, clock: Stepped
) -> None:
    webhook, _ = await webhooks.add("club", receiver.url())
    receiver.answer = lambda count: OK if count > 1 else status(429, Retry_After="600")
    await triaged(database, triage_desk, "m-1")
    async with delivering(database, clock):
        await receiver.until(1)
        async with asyncio.timeout(10):
            while (await webhooks.list())[0].resting_until is None:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await triaged(database, triage_desk, "m-2")
        clock.step(minutes=9)
        await asyncio.sleep(0.2)
        assert len(receiver.heard) == 1
        clock.step(minutes=2)
        await in_state(webhooks, webhook.id, "sent", 2)


async def test_an_endpoint_that_is_gone_is_told_nothing_until_dead_letters_are_sent_again(
    database: Database, webhooks: Webhooks, receiver: Receiver, triage_desk: TriageDesk, clock: Stepped
) -> None:
    webhook, _ = await webhooks.add("club", receiver.url())
    receiver.answer = lambda count: OK if count > 1 else status(410)
    await triaged(database, triage_desk, "m-1")
    async with delivering(database, clock):
        await in_state(webhooks, webhook.id, "dead", 1)
        assert (await webhooks.list())[0].disabled_at is not None
        await triaged(database, triage_desk, "m-2")
        assert await webhooks.resend(webhook.id, "admin") == 1
        await in_state(webhooks, webhook.id, "sent", 1)
        assert (await webhooks.list())[0].disabled_at is None
    assert [one.id for one in receiver.heard] == [receiver.heard[0].id] * 2


async def test_after_a_day_of_tries_it_is_a_dead_letter_that_can_be_sent_again(
    database: Database,
    webhooks: Webhooks,
    receiver: Receiver,
    triage_desk: TriageDesk,
    clock: Stepped,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "service.desk.webhooks.outbox._drawn", min
    )  # one time in a hundred a day passes before the last try
    webhook, _ = await webhooks.add("club", "http://127.0.0.1:9/nobody")
    await triaged(database, triage_desk, "m-1")
    outbox, begun = Outbox(database, clock), clock()
    for _ in range(TRIES):
        while not (taken := await outbox.take("one", {})):
            clock.step(minutes=10)
        await outbox.settle("one", taken[0], Answer(error="no_connection"))
    (dead,) = await webhooks.deliveries(webhook.id, "dead")
    assert (dead.attempts, dead.error) == (TRIES, "no_connection")
    assert DAY * 0.75 < clock() - begun < DAY * 1.5
    assert await outbox.take("one", {}) == []
    assert await webhooks.resend(webhook.id, "admin", delivery_id=dead.id) == 1
    ((again,),) = [await outbox.take("one", {})]
    assert again.id == dead.id


async def test_an_endpoint_that_hangs_delays_no_other(
    database: Database, webhooks: Webhooks, receiver: Receiver, triage_desk: TriageDesk, clock: Stepped
) -> None:
    async with receiving() as hanging:
        hanging.answer = lambda _: None
        slow, _ = await webhooks.add("club", hanging.url())
        quick, _ = await webhooks.add("club", receiver.url())
        await triaged(database, triage_desk, *(f"m-{n}" for n in range(20)))
        async with delivering(database, clock, timeout_s=20):
            await in_state(webhooks, quick.id, "sent", 20)
            assert len(hanging.heard) == 4
        waiting = await webhooks.deliveries(slow.id, "waiting")
        assert (len(waiting), {one.attempts for one in waiting}) == (20, {0})


async def test_two_couriers_send_each_delivery_once(
    database: Database, webhooks: Webhooks, receiver: Receiver, triage_desk: TriageDesk, clock: Stepped
) -> None:
    webhook, _ = await webhooks.add("club", receiver.url())
    await triaged(database, triage_desk, *(f"m-{n}" for n in range(40)))
    async with delivering(database, clock), delivering(database, clock):
        await in_state(webhooks, webhook.id, "sent", 40)
    assert len(receiver.heard) == len({one.id for one in receiver.heard}) == 40


async def test_a_courier_that_is_killed_before_it_noted_the_answer_sends_nothing_less(
    database: Database, url: str, webhooks: Webhooks, receiver: Receiver, triage_desk: TriageDesk, clock: Stepped
) -> None:
    webhook, secret = await webhooks.add("club", receiver.url())
    receiver.answer = lambda count: OK if count > 3 else None
    await triaged(database, triage_desk, "m-1", "m-2", "m-3")
    process = subprocess.Popen([sys.executable, "-m", "tests.service.deliver", url], cwd=ROOT)  # noqa: ASYNC220
    await receiver.until(3)
    process.kill()
    process.wait()
    async with delivering(database, clock):
        await asyncio.sleep(0.2)
        assert len(receiver.heard) == 3
        clock.step(seconds=LEASE.total_seconds() + 1)
        await in_state(webhooks, webhook.id, "sent", 3)
    first, again = receiver.heard[:3], receiver.heard[3:]
    assert {(one.id, one.body) for one in first} == {(one.id, one.body) for one in again}
    assert len(again) == 3
    assert all(verified(one, secret) for one in again)


@pytest.mark.parametrize("days", [-30, 30])
async def test_a_clock_that_steps_loses_nothing_and_puts_nothing_off(
    database: Database, webhooks: Webhooks, receiver: Receiver, triage_desk: TriageDesk, clock: Stepped, days: int
) -> None:
    webhook, _ = await webhooks.add("club", receiver.url())
    receiver.answer = lambda count: OK if count > 6 else status(503)
    await triaged(database, triage_desk, *(f"m-{n}" for n in range(6)))
    async with delivering(database, clock):
        await receiver.until(6)
        await asyncio.sleep(0.2)
        clock.step(days=days)
        async with asyncio.timeout(20):
            while await webhooks.deliveries(webhook.id, "waiting"):
                await asyncio.sleep(0.05)
                clock.step(minutes=1)
    dead = await webhooks.deliveries(webhook.id, "dead")
    if dead:
        await webhooks.resend(webhook.id, "admin")
        async with delivering(database, clock):
            await in_state(webhooks, webhook.id, "sent", 6)
    assert len({one.id for one in receiver.heard}) == 6


async def test_who_comes_back_after_its_lease_neither_loses_nor_fails_what_another_sent(
    database: Database, webhooks: Webhooks, receiver: Receiver, triage_desk: TriageDesk, clock: Stepped
) -> None:
    webhook, _ = await webhooks.add("club", receiver.url())
    await triaged(database, triage_desk, "m-1")
    outbox = Outbox(database, clock)
    (frozen,) = await outbox.take("frozen", {})
    clock.step(seconds=LEASE.total_seconds() + 1)
    (taken,) = await outbox.take("other", {})
    await outbox.settle("frozen", frozen, Answer(error="timeout"))
    (one,) = await webhooks.deliveries(webhook.id)
    assert (one.state, one.attempts) == ("waiting", 0)
    await outbox.settle("other", taken, Answer(status=204))
    await outbox.settle("frozen", frozen, Answer(error="timeout"))
    (one,) = await webhooks.deliveries(webhook.id)
    assert (one.state, one.attempts, one.error) == ("sent", 1, "")
