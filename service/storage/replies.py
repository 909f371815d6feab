"""What people sent to customers, as they recorded it."""

from datetime import datetime

from sqlalchemy import insert, select

from service.storage.database import Transaction
from service.storage.ids import new_id
from service.storage.schema import replies


def add(
    transaction: Transaction, message_id: str, text: str, by: str, sent_at: datetime, recorded_at: datetime
) -> str | None:
    """Its id, or None where it is the text that was recorded last."""
    if latest(transaction, message_id) == text:
        return None
    reply_id = new_id()
    row = {"id": reply_id, "message_id": message_id, "text": text, "sent_by": by}
    transaction.execute(insert(replies), row | {"sent_at": sent_at, "recorded_at": recorded_at})
    return reply_id


def latest(transaction: Transaction, message_id: str) -> str | None:
    wanted = select(replies.c.text).where(replies.c.message_id == message_id).order_by(replies.c.id.desc()).limit(1)
    return transaction.execute(wanted).scalar_one_or_none()
