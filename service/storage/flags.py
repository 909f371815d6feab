"""The flags of messages, each in a row of its own, so that a desk finds them without reading what was concluded."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, exists

from service.storage.database import Transaction
from service.storage.insert import add_rows
from service.storage.schema import flagged
from service.storage.schema import messages as message_table


def note(transaction: Transaction, message_id: str, flags: Sequence[str], anew: bool = False) -> None:
    """`anew`: in the place of what an earlier triage said."""
    if anew:
        transaction.execute(delete(flagged).where(flagged.c.message_id == message_id))
    add_rows(transaction, flagged, [{"message_id": message_id, "flag": flag} for flag in flags])


def carries(flag: str) -> ColumnElement[bool]:
    """Of a message: it has the flag."""
    return exists().where(flagged.c.message_id == message_table.c.id, flagged.c.flag == flag)
