"""The outbox: leased to one courier at a time, marked when sent, tried again, buried, dug up."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from service.domain.webhook import Delivery, DeliveryState, Parcel
from service.storage.database import Transaction
from service.storage.schema import deliveries, webhooks

LONGEST_REST = timedelta(hours=5)
"""Nothing is put off for longer: what seems to be, was so by a clock that has stepped back since, and is due."""

_COLUMNS = tuple(deliveries.c[name] for name in Delivery.model_fields)
_earlier = deliveries.alias()
_FIRST_OF_MESSAGE = ~exists().where(
    _earlier.c.webhook_id == deliveries.c.webhook_id,
    _earlier.c.message_id == deliveries.c.message_id,
    _earlier.c.state == "waiting",
    _earlier.c.id < deliveries.c.id,
)
"""What happened to a message is told in its order: the next thing waits until the one before has arrived."""


def due(transaction: Transaction, now: datetime, lease: timedelta) -> list[tuple[str, int]]:
    """Webhooks that something waits for, and how often each has failed in a row."""
    ready = and_(webhooks.c.disabled_at.is_(None), _passed(webhooks.c.resting_until, now, LONGEST_REST))
    waits = exists().where(deliveries.c.webhook_id == webhooks.c.id, _free(now, lease))
    found = transaction.execute(select(webhooks.c.id, webhooks.c.failures).where(ready, waits))
    return [(webhook_id, failures) for webhook_id, failures in found]


def lease(
    transaction: Transaction, courier: str, webhook_id: str, limit: int, now: datetime, lasting: timedelta
) -> list[Parcel]:
    """Takes the oldest that are due for that webhook and that no courier holds."""
    wanted = select(deliveries.c.id).where(deliveries.c.webhook_id == webhook_id, _free(now, lasting))
    oldest = wanted.where(_FIRST_OF_MESSAGE).order_by(deliveries.c.id).limit(limit)
    ids = transaction.execute(oldest.with_for_update(skip_locked=True)).scalars().all()
    if not ids:
        return []
    held = {"leased_by": courier, "leased_until": now + lasting}
    transaction.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(held))
    return _parcels(transaction, ids)


def give_back(transaction: Transaction, courier: str, ids: Sequence[str]) -> None:
    mine = deliveries.c.id.in_(ids) & (deliveries.c.leased_by == courier)
    transaction.execute(update(deliveries).where(mine).values(leased_by=None, leased_until=None))


def mark_sent(transaction: Transaction, delivery_id: str, status: int, now: datetime) -> None:
    """It has arrived, whoever holds the lease by now. What was told is not kept."""
    waiting = (deliveries.c.id == delivery_id) & (deliveries.c.state == "waiting")
    done = {"state": "sent", "status": status, "error": "", "payload": "", "sent_at": now, **_FREED}
    transaction.execute(update(deliveries).where(waiting).values(done | {"attempts": deliveries.c.attempts + 1}))


def mark_failed(transaction: Transaction, courier: str, delivery_id: str, **values: Any) -> bool:
    """One more failed try; False where another courier has it by now, or it has arrived."""
    mine = (deliveries.c.id == delivery_id) & (deliveries.c.leased_by == courier) & (deliveries.c.state == "waiting")
    changed = values | _FREED | {"attempts": deliveries.c.attempts + 1}
    return transaction.execute(update(deliveries).where(mine).values(changed)).rowcount == 1


def bury(transaction: Transaction, webhook_id: str, error: str, before: datetime | None = None) -> None:
    """What waits for that webhook, since before that moment, is no longer tried."""
    waiting = (deliveries.c.webhook_id == webhook_id) & (deliveries.c.state == "waiting")
    old = waiting if before is None else waiting & (deliveries.c.queued_at < before)
    transaction.execute(update(deliveries).where(old).values(state="dead", error=error, **_FREED))


def hurry(transaction: Transaction, webhook_id: str, now: datetime) -> None:
    """The endpoint answers again: what rested is due."""
    resting = (deliveries.c.webhook_id == webhook_id) & (deliveries.c.state == "waiting") & (deliveries.c.due_at > now)
    transaction.execute(update(deliveries).where(resting).values(due_at=now))


def revive(transaction: Transaction, webhook_id: str, delivery_id: str | None, now: datetime) -> int:
    """Dead ones wait again, with the same id; how many."""
    dead = (deliveries.c.webhook_id == webhook_id) & (deliveries.c.state == "dead")
    wanted = dead if delivery_id is None else dead & (deliveries.c.id == delivery_id)
    fresh = {"state": "waiting", "attempts": 0, "queued_at": now, "due_at": now, **_FREED}
    return transaction.execute(update(deliveries).where(wanted).values(fresh)).rowcount


def page(
    transaction: Transaction, webhook_id: str, state: DeliveryState | None, limit: int, before: str | None
) -> list[Delivery]:
    """The newest first, older than the one named."""
    wanted = select(*_COLUMNS).where(deliveries.c.webhook_id == webhook_id)
    if state is not None:
        wanted = wanted.where(deliveries.c.state == state)
    if before is not None:
        wanted = wanted.where(deliveries.c.id < before)
    rows = transaction.execute(wanted.order_by(deliveries.c.id.desc()).limit(limit)).mappings()
    return [Delivery(**row) for row in rows]


_FREED: dict[str, Any] = {"leased_by": None, "leased_until": None}


def _free(now: datetime, lasting: timedelta) -> ColumnElement[bool]:
    """Due, and held by nobody. A lease that ends later than any could was given by a clock that has stepped back."""
    rested = _passed(deliveries.c.due_at, now, LONGEST_REST)
    return and_(deliveries.c.state == "waiting", rested, _passed(deliveries.c.leased_until, now, 2 * lasting))


def _passed(column: Any, now: datetime, longest: timedelta) -> ColumnElement[bool]:
    return or_(column.is_(None), column <= now, column > now + longest)


def _parcels(transaction: Transaction, ids: Sequence[str]) -> list[Parcel]:
    columns = (deliveries.c.id, deliveries.c.webhook_id, webhooks.c.url, webhooks.c.secret)
    wanted = select(*columns, deliveries.c.payload, deliveries.c.attempts).join(webhooks)
    rows = transaction.execute(wanted.where(deliveries.c.id.in_(ids)).order_by(deliveries.c.id)).mappings()
    return [Parcel(**row) for row in rows]
