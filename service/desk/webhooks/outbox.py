"""What is to be delivered: taken under a lease, and settled by what the endpoint answered."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from service.desk.clock import Clock, utc_now
from service.domain.webhook import Answer, Parcel
from service.storage import deliveries, webhooks
from service.storage.database import Database, Transaction

LEASE = timedelta(seconds=60)
"""Longer than any try takes: after it, its courier is taken for dead, and the same `webhook-id` is sent once more."""

AT_ONCE = 4
"""To one endpoint, from one process: an endpoint that is slow keeps nobody else waiting."""

TRIES = 14
FIRST_REST_S, LONGEST_REST_S = 5.0, 4 * 3600.0
"""Rests between tries grow threefold, from seconds to hours: fourteen tries take a day."""

DAY = timedelta(days=1)
TRIPPED = 5
"""Failures in a row after which an endpoint rests, and is then tried with one delivery at a time."""
FIRST_BREAK_S, LONGEST_BREAK_S = 10.0, 300.0


class Outbox:
    """Several couriers, in one process or many, share it."""

    def __init__(self, database: Database, clock: Clock = utc_now, lease: timedelta = LEASE) -> None:
        self._database = database
        self._clock = clock
        self._lease = lease

    async def take(self, courier: str, busy: Mapping[str, int]) -> list[Parcel]:
        """What is due, less what the courier has in hand for each webhook (`busy`). Raises UnavailableError."""
        now = self._clock()
        ready = await self._database.read(deliveries.due, now, self._lease)
        rooms = {webhook_id: _room(failures) - busy.get(webhook_id, 0) for webhook_id, failures in ready}
        rooms = {webhook_id: room for webhook_id, room in rooms.items() if room > 0}
        return await self._database.write(_take, courier, rooms, now, self._lease) if rooms else []

    async def settle(self, courier: str, parcel: Parcel, answer: Answer) -> None:
        """Raises UnavailableError: the lease then ends by itself, and the parcel is sent once more."""
        await self._database.write(_settle, courier, parcel, answer, self._clock())

    async def give_back(self, courier: str, ids: Sequence[str]) -> None:
        await self._database.write(deliveries.give_back, courier, ids)


def _room(failures: int) -> int:
    return 1 if failures >= TRIPPED else AT_ONCE


def _take(
    transaction: Transaction, courier: str, rooms: Mapping[str, int], now: datetime, lasting: timedelta
) -> list[Parcel]:
    return [
        parcel
        for webhook_id, room in rooms.items()
        for parcel in deliveries.lease(transaction, courier, webhook_id, room, now, lasting)
    ]


def _settle(transaction: Transaction, courier: str, parcel: Parcel, answer: Answer, now: datetime) -> None:
    webhook = webhooks.find(transaction, parcel.webhook_id)
    if webhook is None:
        return
    if answer.taken:
        deliveries.mark_sent(transaction, parcel.id, answer.status or 0, now)
        if webhook.failures:
            webhooks.change(transaction, webhook.id, failures=0, failing_since=None, resting_until=None)
            deliveries.hurry(transaction, webhook.id, now)
        return
    last = parcel.attempts + 1 >= TRIES
    rest_s = max(answer.retry_after_s or 0.0, _drawn(FIRST_REST_S * 3**parcel.attempts, LONGEST_REST_S))
    told = {"status": answer.status, "error": answer.error, "state": "dead" if last else "waiting"}
    due_at = now + timedelta(seconds=rest_s)
    if not deliveries.mark_failed(transaction, courier, parcel.id, due_at=due_at, **told):
        return
    if answer.gone:
        webhooks.change(transaction, webhook.id, disabled_at=now)
        deliveries.bury(transaction, webhook.id, "gone")
        return
    _count(transaction, parcel.webhook_id, webhook.failures + 1, webhook.failing_since or now, answer, now)


def _count(
    transaction: Transaction, webhook_id: str, failures: int, since: datetime, answer: Answer, now: datetime
) -> None:
    """Of an endpoint that has answered to nothing for a day, what has waited for a day is dead."""
    rest_s = answer.retry_after_s or 0.0
    if failures >= TRIPPED:
        rest_s = max(rest_s, _drawn(FIRST_BREAK_S * 2 ** min(failures - TRIPPED, 10), LONGEST_BREAK_S))
    until = now + timedelta(seconds=rest_s) if rest_s else None
    webhooks.change(transaction, webhook_id, failures=failures, failing_since=since, resting_until=until)
    if now - since > DAY:
        deliveries.bury(transaction, webhook_id, "away for a day", now - DAY)


def _drawn(seconds: float, longest: float) -> float:
    """A fifth of it by chance, so that what failed together does not come back together."""
    return min(seconds, longest) * random.uniform(0.8, 1.2)  # noqa: S311 - spreads load, guards nothing
