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


def uses(transaction: Transaction, account: str) -> list[Use]:
    columns = (answer_uses.c[name] for name in ("answer", "message_id", "fate", "kept", "replied_at"))
    wanted = select(*columns).where(answer_uses.c.account == account)
    return [Use(*row) for row in transaction.execute(wanted.order_by(answer_uses.c.message_id, answer_uses.c.answer))]


def edits(transaction: Transaction, account: str) -> list[EditKept]:
    """Of the last reply to each message, oldest first."""
    names = ("answer", "message_id", "sent_by", "before", "after")
    last = select(func.max(answer_edits.c.reply_id)).where(answer_edits.c.account == account)
    newest = last.group_by(answer_edits.c.message_id)
    wanted = select(*(answer_edits.c[name] for name in names)).where(answer_edits.c.reply_id.in_(newest))
    return [
        EditKept(*row) for row in transaction.execute(wanted.order_by(answer_edits.c.reply_id, answer_edits.c.place))
    ]


def written_again(transaction: Transaction, account: str) -> dict[str, datetime]:
    """By message that was replied to, when its sender, or somebody about the same file, wrote next."""
    replied = (answer_uses.c.account == account) & answer_uses.c.replied_at.is_not(None)
    after = (_later.c.account == account) & (_later.c.received_at > answer_uses.c.replied_at)
    columns = (answer_uses.c.message_id, func.min(_later.c.received_at))
    joined = answer_uses.join(messages, messages.c.id == answer_uses.c.message_id)
    same_sender = (_later.c.sender == messages.c.sender) & (messages.c.sender != "")
    by_sender = select(*columns).select_from(joined.join(_later, same_sender & after)).where(replied)
    named = answer_uses.join(traces, traces.c.message_id == answer_uses.c.message_id).join(
        _theirs, (_theirs.c.trace == traces.c.trace) & (_theirs.c.account == account)
    )
    by_file = (
        select(*columns).select_from(named.join(_later, (_later.c.id == _theirs.c.message_id) & after)).where(replied)
    )
    found: dict[str, datetime] = {}
    for query in (by_sender, by_file):
        for message_id, moment in transaction.execute(query.group_by(answer_uses.c.message_id)):
            found[message_id] = min(moment, found.get(message_id, moment))
    return found
