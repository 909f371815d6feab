"""Messages that belong together: of one sender, or about one file number, which is kept as a hash only."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, insert, or_, select, text

from service.domain.history import Earlier
from service.domain.message import Message
from service.domain.moment import after
from service.domain.triage import Triage
from service.storage.database import Transaction
from service.storage.events import new_event, record
from service.storage.schema import cases, messages, traces

REMEMBERED = timedelta(days=90)
"""An unanswered message of longer ago is no longer waited for."""
MOST = 10
ALIKE = 0.9
"""Share of equal characters from which two messages say the same."""
COMPARED_CHARS = 2_000

_leader = func.coalesce(cases.c.joined_to, cases.c.message_id)
_LOCK = text("SELECT pg_advisory_xact_lock(:key)")


def unanswered(
    transaction: Transaction, account: str, sender: str, known: Sequence[str], before: datetime, without: str
) -> list[Earlier]:
    """Open messages of that sender or about those file numbers, in whose case nobody has replied, the latest ones
    first. `without`: the id of the message at hand."""
    leader, of_case = func.coalesce(cases.c.joined_to, cases.c.message_id), cases.alias()
    same_case = or_(of_case.c.message_id == leader, of_case.c.joined_to == leader)
    waits = (messages.c.id != without) & ~exists().where(same_case, of_case.c.replied_at.is_not(None))
    columns = (messages.c.id, messages.c.received_at, cases.c.queue)
    found: dict[str, Earlier] = {}
    for same_file, related in _related(account, sender, known):
        for row in transaction.execute(_open(columns, related, before).where(waits)):
            found.setdefault(row.id, Earlier(at=row.received_at, queue=row.queue, same_file=same_file))
    return sorted(found.values(), key=lambda one: one.at, reverse=True)


def file(transaction: Transaction, triage: Triage) -> None:
    """Keeps the traces of a message, by which later ones find it."""
    if triage.traces:
        rows = [{"account": triage.account, "trace": each, "message_id": triage.id} for each in triage.traces]
        transaction.execute(insert(traces), rows)


def open_case(transaction: Transaction, triage: Triage, message: Message) -> str | None:
    """The id of the case that a new message joins; None where it opens one of its own.

    It joins an open one, of the same sender or about the same file, whose last message is not longer ago than the
    account's window, if both are in one queue, about one file, or say the same. Stands in line with whoever files
    a message of the same sender or file at the same time.
    """
    sender = message.sender.address.strip().lower()
    if triage.joins_until is None or not (sender or triage.traces):
        return None
    _stand_in_line(transaction, [f"{triage.account} {name}" for name in {sender, *triage.traces} - {""}])
    columns = (_leader.label("leader"), cases.c.queue, messages.c.content)
    joinable = (
        (cases.c.replied_at.is_(None)) & (cases.c.joins_until >= message.received_at) & (messages.c.id != triage.id)
    )
    until = after(message.received_at, 24)
    for same_file, related in _related(triage.account, sender, triage.traces):
        for leader, queue, content in transaction.execute(_open(columns, related, until).where(joinable)):
            if same_file or (triage.queue and queue == triage.queue.id) or _says_the_same(content, message):
                return str(leader)
    return None


def joined(transaction: Transaction, triage: Triage, leader: str, at: datetime) -> None:
    """Tells that a message has joined a case."""
    counted = transaction.execute(select(func.count()).where(cases.c.joined_to == leader)).scalar_one()
    change = {"case": leader, "messages": counted + 1}
    record(transaction, new_event("case_joined", triage.id, at, triage.account, after=change))


def _related(account: str, sender: str, known: Sequence[str]) -> Iterator[tuple[bool, ColumnElement[bool]]]:
    """Messages that name one of the file numbers, then those of the sender: one question each, so that each has its
    index. True for the former."""
    if known:
        named = select(traces.c.message_id).where(traces.c.account == account, traces.c.trace.in_(known))
        yield True, messages.c.id.in_(named)
    if sender:
        yield False, and_(messages.c.account == account, messages.c.sender == sender)


def _open(columns: Sequence[Any], related: ColumnElement[bool], before: datetime) -> Select[Any]:
    """The latest of them whose case is open."""
    since = before - REMEMBERED if before.year > 1 else before
    recent = (messages.c.received_at >= since) & (messages.c.received_at < before)
    query = select(*columns).select_from(messages.join(cases)).where(related, recent, cases.c.state == "open")
    return query.order_by(messages.c.received_at.desc()).limit(MOST)


def _stand_in_line(transaction: Transaction, names: Sequence[str]) -> None:
    """PostgreSQL alone has writers at the same time. The order of names is one for all, so that none waits forever."""
    if transaction.dialect.name == "postgresql":
        keys = (sha256(name.encode("utf-8", "surrogatepass")).digest()[:8] for name in names)
        for key in sorted(int.from_bytes(each, "big", signed=True) for each in keys):
            transaction.execute(_LOCK, {"key": key})


def _says_the_same(content: str, message: Message) -> bool:
    other = Message.model_validate_json(content)
    ours, theirs = (" ".join(one.body.split())[:COMPARED_CHARS] for one in (message, other))
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE
