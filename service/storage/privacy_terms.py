"""Finds what is older than its term."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update

from service.domain.confirmed import Confirmed
from service.domain.message import Message
from service.domain.redacted import Redacted
from service.storage import redacted_json
from service.storage.database import Transaction
from service.storage.ids import earliest_id
from service.storage.schema import cases, confirmed, messages

READ = 500


def expired(
    transaction: Transaction, account: str, channel: str, before: datetime, now: datetime, limit: int | None
) -> list[tuple[str, str | None]]:
    """Ids and external ids of the oldest messages that nothing has happened to since `before`, and that no worker
    holds. Ids sort by arrival, so that the search ends where the younger ones begin."""
    touched = func.coalesce(cases.c.updated_at, messages.c.arrived_at)
    free = or_(messages.c.leased_until.is_(None), messages.c.leased_until < now)
    wanted = (
        select(messages.c.id, messages.c.external_id)
        .select_from(messages.outerjoin(cases, cases.c.message_id == messages.c.id))
        .where(messages.c.account == account, messages.c.id < earliest_id(before + timedelta(days=1)))
        .where(messages.c.channel == channel, touched < before, messages.c.arrived_at < before, free)
    )
    return [(id_, name) for id_, name in transaction.execute(wanted.order_by(messages.c.id).limit(limit))]


def older_lessons(
    transaction: Transaction, account: str, before: datetime, after: str
) -> tuple[list[tuple[Confirmed, datetime, bool]], str | None]:
    """The next confirmed messages after that external id which were confirmed before then, since when, and whether
    each is reduced to its redacted text already. Then where to go on; None once there are no more."""
    columns = (confirmed.c.external_id, confirmed.c.content, confirmed.c.confirmed_at, confirmed.c.reduced_at)
    wanted = select(*columns).where(confirmed.c.account == account, confirmed.c.confirmed_at < before)
    wanted = wanted.where(confirmed.c.external_id > after).order_by(confirmed.c.external_id).limit(READ)
    rows = transaction.execute(wanted).all()
    found = [(Confirmed.model_validate_json(content), at, reduced is not None) for _, content, at, reduced in rows]
    return found, rows[-1][0] if len(rows) == READ else None


def reduce_lessons(transaction: Transaction, account: str, ids: Sequence[str], at: datetime) -> int:
    """Leaves nothing of these confirmed messages but their redacted text and what was confirmed of it."""
    wanted = select(confirmed.c.external_id, confirmed.c.content, confirmed.c.redacted)
    mine = (confirmed.c.account == account) & confirmed.c.external_id.in_(ids)
    for name, content, redacted in transaction.execute(wanted.where(mine)).all():
        left = _reduced(Confirmed.model_validate_json(content), redacted_json.load(redacted))
        bare = {**redacted, "sender": ""}
        values = {"content": left.model_dump_json(), "redacted": bare, "sender": "", "comment": "", "reduced_at": at}
        one = (confirmed.c.account == account) & (confirmed.c.external_id == name)
        transaction.execute(update(confirmed).where(one).values(values))
    return len(ids)


def _reduced(one: Confirmed, redacted: Redacted) -> Confirmed:
    full = one.message
    message = Message(
        external_id=full.external_id,
        account=full.account,
        channel=full.channel,
        received_at=full.received_at,
        subject=redacted.subject,
        body=redacted.text,
    )
    return one.model_copy(update={"message": message, "pii": ()})
