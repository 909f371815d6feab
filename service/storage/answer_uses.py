"""Which messages' drafts rest on which canned answers, and what became of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from service.storage.database import Transaction
from service.storage.schema import answer_edits, answer_uses, messages, traces

_later = messages.alias()
_theirs = traces.alias()


@dataclass(frozen=True, slots=True)
class Use:
    """`fate` is "" until a reply was sent."""

    answer: str
    message_id: str
    fate: str
    kept: float
    replied_at: datetime | None


@dataclass(frozen=True, slots=True)
class EditKept:
    """As `service.storage.replies.EditMade`, with where it was made and by whom."""

    answer: str
    message_id: str
    by: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Tally:
    """Messages whose draft rests on an answer; of those that were replied to, `sent`, how many took it word for word,
    and the mean share of its words that was sent."""

    drafts: int = 0
    sent: int = 0
    kept: int = 0
    words: float = 0.0


def tallies(transaction: Transaction, account: str) -> dict[str, Tally]:
    """By answer, counted by the database."""
    sent = answer_uses.c.fate != ""
    columns = (
        func.count(),
        func.count().filter(sent),
        func.count().filter(answer_uses.c.fate == "kept"),
        func.coalesce(func.avg(answer_uses.c.kept).filter(sent), 0.0),
    )
    wanted = select(answer_uses.c.answer, *columns).where(answer_uses.c.account == account)
    return {row[0]: Tally(*row[1:]) for row in transaction.execute(wanted.group_by(answer_uses.c.answer))}


def uses(transaction: Transaction, account: str, answer: str | None = None) -> list[Use]:
    columns = (answer_uses.c[name] for name in ("answer", "message_id", "fate", "kept", "replied_at"))
    wanted = select(*columns).where(answer_uses.c.account == account)
    if answer is not None:
        wanted = wanted.where(answer_uses.c.answer == answer)
    return [Use(*row) for row in transaction.execute(wanted.order_by(answer_uses.c.message_id, answer_uses.c.answer))]


def newest(transaction: Transaction, account: str, answer: str, limit: int) -> list[str]:
    """Ids of the messages whose draft rested on the answer last."""
    mine = (answer_uses.c.account == account) & (answer_uses.c.answer == answer)
    wanted = select(answer_uses.c.message_id).where(mine).order_by(answer_uses.c.message_id.desc()).limit(limit)
    return list(transaction.execute(wanted).scalars())


def edits(transaction: Transaction, account: str, answer: str | None = None) -> list[EditKept]:
    """Of the last reply to each message, oldest first."""
    names = ("answer", "message_id", "sent_by", "before", "after")
    last = select(func.max(answer_edits.c.reply_id)).where(answer_edits.c.account == account)
    mine = (answer_edits.c.account == account) & (answer_edits.c.answer == answer)
    if answer is not None:
        last = last.where(answer_edits.c.message_id.in_(select(answer_edits.c.message_id).where(mine)))
    newest = last.group_by(answer_edits.c.message_id)
    wanted = select(*(answer_edits.c[name] for name in names)).where(answer_edits.c.reply_id.in_(newest))
    if answer is not None:
        wanted = wanted.where(answer_edits.c.answer == answer)
    return [
        EditKept(*row) for row in transaction.execute(wanted.order_by(answer_edits.c.reply_id, answer_edits.c.place))
    ]


def written_again(transaction: Transaction, account: str, answer: str | None = None) -> dict[str, datetime]:
    """By message that was replied to, when its sender, or somebody about the same file, wrote next. The next of a
    sender is looked up in an index: a form may have sent a tenth of all messages."""
    replied = (answer_uses.c.account == account) & answer_uses.c.replied_at.is_not(None)
    if answer is not None:
        replied &= answer_uses.c.answer == answer
    after = _later.c.received_at > answer_uses.c.replied_at
    same_sender = (_later.c.account == account) & (_later.c.sender == messages.c.sender)
    soonest = select(func.min(_later.c.received_at)).where(same_sender, after).correlate(answer_uses, messages)
    joined = answer_uses.join(messages, messages.c.id == answer_uses.c.message_id)
    by_sender = select(answer_uses.c.message_id, soonest.scalar_subquery()).select_from(joined)
    named = answer_uses.join(traces, traces.c.message_id == answer_uses.c.message_id).join(
        _theirs, (_theirs.c.trace == traces.c.trace) & (_theirs.c.account == traces.c.account)
    )
    by_file = (
        select(answer_uses.c.message_id, func.min(_later.c.received_at))
        .select_from(named.join(_later, (_later.c.id == _theirs.c.message_id) & after))
        .group_by(answer_uses.c.message_id)
    )
    found: dict[str, datetime] = {}
    for query in (by_sender.where(messages.c.sender != ""), by_file):
        for message_id, moment in transaction.execute(query.where(replied)):
            if moment is not None:
                found[message_id] = min(moment, found.get(message_id, moment))
    return found
