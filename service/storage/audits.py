"""Audit samples: the messages drawn, what the program had concluded of them, and what people say."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, func, select, update

from service.domain.audited import AuditItem, AuditSample, Seat
from service.storage.database import Transaction
from service.storage.insert import put_rows
from service.storage.schema import audit_items, audit_labels, audits, messages, triages


def population(
    transaction: Transaction, account: str, since: datetime | None, until: datetime | None
) -> dict[str, str]:
    """Triaged messages of the account that came in then: by id, the queue that they were routed to at last, "" where
    they were left to a person."""
    mine = messages.c.account == account
    if since is not None:
        mine &= messages.c.received_at >= since
    if until is not None:
        mine &= messages.c.received_at < until
    wanted = select(messages.c.id, triages.c.queue).join(triages, triages.c.message_id == messages.c.id).where(mine)
    return {id_: queue or "" for id_, queue in transaction.execute(wanted.order_by(triages.c.id))}


def add(transaction: Transaction, audit: AuditSample, items: Sequence[AuditItem]) -> None:
    transaction.execute(audits.insert().values(audit.model_dump()))
    rows = [one.model_dump(exclude={"labels", "sender"}) | {"audit_id": audit.id} for one in items]
    transaction.execute(audit_items.insert(), rows)


def find(transaction: Transaction, audit_id: str) -> AuditSample | None:
    """Whoever changes it stands in line until the transaction ends."""
    wanted = select(audits).where(audits.c.id == audit_id).with_for_update()
    row = transaction.execute(wanted).mappings().one_or_none()
    return AuditSample(**row) if row else None


def entries(transaction: Transaction, account: str, limit: int) -> list[AuditSample]:
    """Newest first."""
    wanted = select(audits).where(audits.c.account == account).order_by(audits.c.id.desc()).limit(limit)
    return [AuditSample(**row) for row in transaction.execute(wanted).mappings()]


def items(transaction: Transaction, audit_id: str) -> list[AuditItem]:
    """In the order in which they are labelled. Those of messages that were erased are gone."""
    labels: dict[str, dict[int, str]] = {}
    said = select(audit_labels).where(audit_labels.c.audit_id == audit_id)
    for row in transaction.execute(said).mappings():
        labels.setdefault(row["message_id"], {})[row["seat"]] = row["queue"]
    joined = audit_items.join(messages, messages.c.id == audit_items.c.message_id)
    wanted = select(audit_items, messages.c.sender).select_from(joined).where(audit_items.c.audit_id == audit_id)
    rows = transaction.execute(wanted.order_by(audit_items.c.place)).mappings()
    return [_item(row, labels.get(row["message_id"], {})) for row in rows]


def progress(transaction: Transaction, audit_ids: Sequence[str]) -> dict[str, dict[int, int]]:
    """How many messages have a label, by audit and seat; seat 0: how many there are."""
    found: dict[str, dict[int, int]] = {id_: {} for id_ in audit_ids}
    sizes = select(audit_items.c.audit_id, func.count()).where(audit_items.c.audit_id.in_(audit_ids))
    for id_, count in transaction.execute(sizes.group_by(audit_items.c.audit_id)):
        found[id_][0] = count
    said = select(audit_labels.c.audit_id, audit_labels.c.seat, func.count())
    said = said.where(audit_labels.c.audit_id.in_(audit_ids))
    for id_, seat, count in transaction.execute(said.group_by(audit_labels.c.audit_id, audit_labels.c.seat)):
        found[id_][seat] = count
    return found


def label(
    transaction: Transaction, audit_id: str, message_id: str, seat: Seat, queue: str, by: str, at: datetime
) -> None:
    """In place of what that seat said before."""
    row = {"audit_id": audit_id, "message_id": message_id, "seat": seat, "queue": queue, "by": by, "at": at}
    put_rows(transaction, audit_labels, [row])


def unlabel(transaction: Transaction, audit_id: str, message_id: str, seat: Seat) -> None:
    mine = (audit_labels.c.audit_id == audit_id) & (audit_labels.c.message_id == message_id)
    transaction.execute(delete(audit_labels).where(mine, audit_labels.c.seat == seat))


def change(transaction: Transaction, audit_id: str, **values: Any) -> None:
    transaction.execute(update(audits).where(audits.c.id == audit_id).values(values))


def remove(transaction: Transaction, audit_id: str) -> None:
    for table in (audit_labels, audit_items):
        transaction.execute(delete(table).where(table.c.audit_id == audit_id))
    transaction.execute(delete(audits).where(audits.c.id == audit_id))


def _item(row: Any, labels: dict[int, str]) -> AuditItem:
    """A message without a sender is one of its own."""
    said = {name: row[name] for name in AuditItem.model_fields if name not in {"labels", "sender"}}
    key = sha256((row["sender"] or row["message_id"]).encode()).hexdigest()[:16]
    return AuditItem(**said, sender=key, labels=labels)
