"""The flags in force of messages, each in a row of its own, so that a desk finds them without reading what was
concluded."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, exists, select

from service.storage.database import Transaction
from service.storage.insert import add_rows
from service.storage.schema import cases, flagged
from service.storage.schema import messages as message_table


def note(transaction: Transaction, message_id: str, flags: Sequence[str], anew: bool = False) -> None:
    """What a triage raised. `anew`: in the place of what an earlier one did, unless a person has said since which
    flags are right."""
    if not anew:
        _add(transaction, message_id, flags)
    elif not told(transaction, message_id):
        put(transaction, message_id, flags)


def put(transaction: Transaction, message_id: str, flags: Sequence[str]) -> None:
    """Those flags are up, and no others."""
    transaction.execute(delete(flagged).where(flagged.c.message_id == message_id))
    _add(transaction, message_id, flags)


def told(transaction: Transaction, message_id: str) -> bool:
    """Whether a person has said which flags the message has."""
    said = select(cases.c.message_id).where(cases.c.message_id == message_id, cases.c.flagged_at.is_not(None))
    return transaction.execute(said).first() is not None


def up(transaction: Transaction, message_id: str) -> tuple[str, ...]:
    """The flags in force, in the alphabet's order."""
    wanted = select(flagged.c.flag).where(flagged.c.message_id == message_id).order_by(flagged.c.flag)
    return tuple(transaction.execute(wanted).scalars())


def carries(flag: str) -> ColumnElement[bool]:
    """Of a message: it has the flag."""
    return exists().where(flagged.c.message_id == message_table.c.id, flagged.c.flag == flag)


def _add(transaction: Transaction, message_id: str, flags: Sequence[str]) -> None:
    add_rows(transaction, flagged, [{"message_id": message_id, "flag": flag} for flag in flags])
