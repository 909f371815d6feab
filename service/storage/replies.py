"""What people sent to customers, as they recorded it, and how it compares with the draft that they were shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from service.domain.comparison import Comparison
from service.storage.database import Transaction
from service.storage.ids import new_id
from service.storage.insert import add_row, add_rows
from service.storage.schema import answer_edits, answer_uses, comparisons, replies


@dataclass(frozen=True, slots=True)
class EditMade:
    """A sentence of that answer's, as it was and as it was sent, redacted."""

    answer: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Compared:
    """`comparison` is None where there was no draft; `redacted`: the reply without greeting, signature and personal
    data; `fates`: by canned answer what became of its words, with the share of them that was sent."""

    comparison: Comparison | None
    redacted: str
    fates: Mapping[str, tuple[str, float]]
    edits: Sequence[EditMade]


@dataclass(frozen=True, slots=True)
class Sent:
    """A reply that was sent, redacted; `verdict` is "" where there was no draft."""

    message_id: str
    queue: str | None
    by: str
    at: datetime
    verdict: str
    text: str


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


def keep_comparison(
    transaction: Transaction,
    reply_id: str,
    message: tuple[str, str, str | None],
    said: tuple[str, datetime],
    compared: Compared,
) -> None:
    """`message`: its id, account and queue; `said`: by whom it was sent, and when."""
    message_id, account, queue = message
    by, at = said
    found = compared.comparison
    about = {"reply_id": reply_id, "message_id": message_id, "account": account}
    row = {"queue": queue, "sent_by": by, "sent_at": at, "verdict": found.verdict if found else ""}
    content = {"content": found.model_dump_json() if found else None, "redacted": compared.redacted}
    transaction.execute(insert(comparisons), about | row | content)
    for answer, (fate, kept) in compared.fates.items():
        _settle_use(transaction, message_id, answer, account, {"fate": fate, "kept": kept, "replied_at": at})
    edits = [
        about | {"place": place, "answer": one.answer, "sent_by": by, "before": one.before, "after": one.after}
        for place, one in enumerate(compared.edits)
    ]
    if edits:
        transaction.execute(insert(answer_edits), edits)


def comparison(transaction: Transaction, message_id: str) -> Comparison | None:
    """Of the reply that was recorded last."""
    mine = select(comparisons.c.content).where(comparisons.c.message_id == message_id)
    content = transaction.execute(mine.order_by(comparisons.c.reply_id.desc()).limit(1)).scalar_one_or_none()
    return None if content is None else Comparison.model_validate_json(content)


def note_uses(transaction: Transaction, message_id: str, account: str, answers: Sequence[str], at: datetime) -> None:
    """A draft of the message rests on these canned answers."""
    unknown = {"message_id": message_id, "account": account, "at": at, "fate": "", "kept": 0.0}
    add_rows(transaction, answer_uses, [unknown | {"answer": answer} for answer in answers])


def sent(transaction: Transaction, account: str, since: datetime | None = None) -> Iterator[Sent]:
    """The last reply to each message, oldest first."""
    columns = ("message_id", "queue", "sent_by", "sent_at", "verdict", "redacted")
    wanted = select(*(comparisons.c[name] for name in columns)).where(comparisons.c.account == account)
    if since is not None:
        wanted = wanted.where(comparisons.c.sent_at >= since)
    last = {row[0]: Sent(*row) for row in transaction.execute(wanted.order_by(comparisons.c.reply_id))}
    yield from last.values()


def _settle_use(transaction: Transaction, message_id: str, answer: str, account: str, said: dict[str, Any]) -> None:
    row = {"message_id": message_id, "answer": answer, "account": account, "at": said["replied_at"], **said}
    if not add_row(transaction, answer_uses, row):
        mine = (answer_uses.c.message_id == message_id) & (answer_uses.c.answer == answer)
        transaction.execute(update(answer_uses).where(mine).values(said))
