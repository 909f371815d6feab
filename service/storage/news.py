"""What changed on the desk: read off the newest events, which cost a look at an index."""

from collections.abc import Sequence

from sqlalchemy import func, select

from service.domain.event import EventKind
from service.storage import board
from service.storage.board import Look
from service.storage.database import Transaction
from service.storage.schema import events, messages

CHANGING: tuple[EventKind, ...] = (
    "message_triaged",
    "triage_failed",
    "triage_retried",
    "queue_corrected",
    "correction_undone",
    "flags_corrected",
    "case_claimed",
    "case_released",
    "reply_recorded",
    "data_erased",
    "data_purged",
)
"""Kinds of events after which a list on the desk may look different."""

MOST = 99


def newest(transaction: Transaction, accounts: Sequence[str]) -> str:
    """The id of the newest of those events; "" where there is none."""
    each = (
        select(events.c.id)
        .where(events.c.account == account, events.c.kind.in_(CHANGING))
        .order_by(events.c.id.desc())
        .limit(1)
        for account in accounts
    )
    return max((transaction.execute(one).scalar() or "" for one in each), default="")


def count_new(transaction: Transaction, look: Look, accounts: Sequence[str], since: str) -> int:
    """How many messages of that look were triaged after the event of that id; `MOST` at most."""
    triaged = select(events.c.subject).where(
        events.c.account.in_(accounts), events.c.id > since, events.c.kind == "message_triaged"
    )
    ids = transaction.execute(triaged.order_by(events.c.id.desc()).limit(MOST)).scalars().all()
    query = board.wanted(look).where(messages.c.id.in_(ids)).with_only_columns(func.count())
    return int(transaction.execute(query).scalar_one()) if ids else 0
