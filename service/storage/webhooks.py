"""Subscriptions, and the outbox that what happens is written to in its own transaction (Richardson's transactional
outbox): nothing is told that did not happen, and nothing that happened is forgotten."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_json
from sqlalchemy import delete, func, insert, select, update

from service.domain.webhook import Webhook, WebhookKind
from service.storage.database import Transaction
from service.storage.ids import new_id
from service.storage.schema import deliveries, webhooks

_COLUMNS = tuple(webhooks.c[name] for name in Webhook.model_fields)


def add(transaction: Transaction, webhook: Webhook, secret: str) -> None:
    transaction.execute(insert(webhooks).values(webhook.model_dump() | {"secret": secret}))


def find(transaction: Transaction, webhook_id: str) -> Webhook | None:
    row = transaction.execute(select(*_COLUMNS).where(webhooks.c.id == webhook_id)).mappings().one_or_none()
    return Webhook(**row) if row else None


def of_account(transaction: Transaction, account: str | None) -> list[Webhook]:
    """Oldest first; of every account where none is named."""
    wanted = select(*_COLUMNS).order_by(webhooks.c.id)
    bound = wanted if account is None else wanted.where(webhooks.c.account == account)
    return [Webhook(**row) for row in transaction.execute(bound).mappings()]


def secret_of(transaction: Transaction, webhook_id: str) -> str:
    found: str = transaction.execute(select(webhooks.c.secret).where(webhooks.c.id == webhook_id)).scalar_one()
    return found


def remove(transaction: Transaction, webhook_id: str) -> None:
    """With all that it was told or should have been."""
    transaction.execute(delete(deliveries).where(deliveries.c.webhook_id == webhook_id))
    transaction.execute(delete(webhooks).where(webhooks.c.id == webhook_id))


def announce(
    transaction: Transaction,
    kind: WebhookKind,
    account: str,
    ids: tuple[str, str | None],
    data: BaseModel | Mapping[str, Any],
    at: datetime,
) -> None:
    """Writes a delivery for each webhook of the account that wants to hear of it. `ids`: the message's own, and the
    caller's."""
    wanted = (webhooks.c.account == account) & webhooks.c.disabled_at.is_(None)
    found = transaction.execute(select(webhooks.c.id, webhooks.c.events, webhooks.c.thin).where(wanted)).all()
    named = {"id": ids[0], "external_id": ids[1]}
    rows = [
        _row(webhook_id, kind, account, ids[0], named if thin else data, at)
        for webhook_id, events, thin in found
        if kind in events
    ]
    if rows:
        transaction.execute(insert(deliveries), rows)


def counts(transaction: Transaction) -> dict[tuple[str, str], int]:
    """Deliveries that wait or are dead, by account and state."""
    counted = select(deliveries.c.account, deliveries.c.state, func.count()).where(deliveries.c.state != "sent")
    grouped = counted.group_by(deliveries.c.account, deliveries.c.state)
    return {(account, state): count for account, state, count in transaction.execute(grouped)}


def change(transaction: Transaction, webhook_id: str, **values: Any) -> None:
    transaction.execute(update(webhooks).where(webhooks.c.id == webhook_id).values(values))


def payload_of(delivery_id: str, kind: str, account: str, data: object, at: datetime) -> str:
    """The body that is posted, byte for byte the same at each try."""
    told = {"id": delivery_id, "type": kind, "created_at": at, "account": account, "data": data}
    return to_json(told).decode()


def _row(
    webhook_id: str, kind: WebhookKind, account: str, message_id: str, data: object, at: datetime
) -> dict[str, object]:
    delivery_id = new_id()
    return {
        "id": delivery_id,
        "webhook_id": webhook_id,
        "account": account,
        "message_id": message_id,
        "kind": kind,
        "payload": payload_of(delivery_id, kind, account, data, at),
        "state": "waiting",
        "attempts": 0,
        "error": "",
        "created_at": at,
        "queued_at": at,
        "due_at": at,
    }
