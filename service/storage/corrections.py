"""Corrections one by one: what was said about each message's queue, and what became of it as a lesson."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from service.domain.correction import CorrectionEntry, CorrectionPage, LessonState
from service.storage.database import Transaction
from service.storage.schema import corrections


def add(transaction: Transaction, entry: CorrectionEntry) -> None:
    """The message's current correction from now on."""
    _set_aside(transaction, entry.message_id)
    transaction.execute(corrections.insert().values(_row(entry)))


def current(transaction: Transaction, message_id: str) -> CorrectionEntry | None:
    """What counts for the message, or None where nobody has said anything."""
    return _one(transaction, (corrections.c.message_id == message_id) & corrections.c.current)


def find(transaction: Transaction, correction_id: str) -> CorrectionEntry | None:
    return _one(transaction, corrections.c.id == correction_id)


def undo(transaction: Transaction, entry: CorrectionEntry, by: str, at: datetime) -> CorrectionEntry | None:
    """Takes the current correction back; the one before it is current again, and returned."""
    undone = {"state": "undone", "current": False, "decided_by": by, "decided_at": at}
    transaction.execute(update(corrections).where(corrections.c.id == entry.id).values(undone))
    mine = (corrections.c.message_id == entry.message_id) & (corrections.c.state != "undone")
    newest = select(func.max(corrections.c.id)).where(mine).scalar_subquery()
    transaction.execute(update(corrections).where(corrections.c.id == newest).values(current=True))
    return current(transaction, entry.message_id)


def decide(
    transaction: Transaction, correction_id: str, state: LessonState, by: str, comment: str, at: datetime
) -> None:
    decided = {"state": state, "decided_by": by, "decided_at": at, "decision_comment": comment}
    transaction.execute(update(corrections).where(corrections.c.id == correction_id).values(decided))


def reopen(transaction: Transaction, correction_id: str) -> None:
    """It waits for a lead, as before anybody decided."""
    waits = {"state": "contested", "decided_by": None, "decided_at": None, "decision_comment": ""}
    transaction.execute(update(corrections).where(corrections.c.id == correction_id).values(waits))


def page(
    transaction: Transaction,
    account: str | None,
    state: LessonState | None = None,
    limit: int = 50,
    before: str | None = None,
) -> CorrectionPage:
    """Newest first. Only `current` corrections wait or count; an undone one is found by its state."""
    wanted = select(corrections)
    if account is not None:
        wanted = wanted.where(corrections.c.account == account)
    if state is not None:
        wanted = wanted.where(corrections.c.state == state)
    if state != "undone":
        wanted = wanted.where(corrections.c.current)
    if before is not None:
        wanted = wanted.where(corrections.c.id < before)
    rows = transaction.execute(wanted.order_by(corrections.c.id.desc()).limit(limit + 1)).mappings().all()
    items = tuple(CorrectionEntry(**row) for row in rows[:limit])
    return CorrectionPage(items=items, next_cursor=items[-1].id if len(rows) > limit else None)


def contested(transaction: Transaction, account: str) -> int:
    """How many wait for a lead."""
    waiting = (corrections.c.account == account) & (corrections.c.state == "contested") & corrections.c.current
    return transaction.execute(select(func.count()).where(waiting)).scalar_one()


def _set_aside(transaction: Transaction, message_id: str) -> None:
    mine = (corrections.c.message_id == message_id) & corrections.c.current
    transaction.execute(update(corrections).where(mine).values(current=False))


def _one(transaction: Transaction, wanted: Any) -> CorrectionEntry | None:
    row = transaction.execute(select(corrections).where(wanted)).mappings().one_or_none()
    return CorrectionEntry(**row) if row else None


def _row(entry: CorrectionEntry) -> dict[str, Any]:
    return entry.model_dump() | {"objections": [one.model_dump(mode="json") for one in entry.objections]}
