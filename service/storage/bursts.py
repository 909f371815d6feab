"""Messages that belong together: of one sender, or about one file number, which is kept as a hash only."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, insert, or_, select, text

from service.domain.history import Earlier
from service.domain.message import Message
from service.domain.moment import after
from service.domain.triage import Triage
from service.storage.database import Transaction
from service.storage.events import new_event, record
from service.storage.privacy_lookup import asked_traces, kept_trace, likely_addresses
from service.storage.schema import cases, messages, traces

REMEMBERED = timedelta(days=90)
"""An unanswered message of longer ago is no longer waited for."""
MOST = 10
ALIKE = 0.9
"""Share of equal characters from which two messages say the same."""
COMPARED_CHARS = 2_000

_leader = func.coalesce(cases.c.joined_to, cases.c.message_id)
_JOINED = select(func.count()).where(cases.c.joined_to == bindparam("leader"))
_FILE = insert(traces)
_LOCK = text("SELECT pg_advisory_xact_lock(:key)")


def _open(columns: Sequence[Any], related: ColumnElement[bool], *wanted: ColumnElement[bool]) -> Select[Any]:
    """The latest of the related messages whose case is open. Built once: building costs more than running."""
    moment = messages.c.received_at
    recent = and_(moment >= bindparam("since"), moment < bindparam("before"), messages.c.id != bindparam("without"))
    query = select(*columns).select_from(messages.join(cases)).where(related, recent, cases.c.state == "open", *wanted)
    return query.order_by(moment.desc()).limit(MOST)


_other = cases.alias()
_replied = exists().where(
    or_(_other.c.message_id == _leader, _other.c.joined_to == _leader), _other.c.replied_at.is_not(None)
)
_named = select(traces.c.message_id).where(
    traces.c.account == bindparam("of_account"), traces.c.trace.in_(bindparam("known", expanding=True))
)
_RELATED = {
    True: messages.c.id.in_(_named),
    False: and_(messages.c.account == bindparam("of_account"), messages.c.sender == bindparam("of_sender")),
}
"""Messages that name a file number, and those of the sender: one question each, so that each has its index."""
_WAITING = {
    same: _open((messages.c.id, messages.c.received_at, cases.c.queue), related, ~_replied)
    for same, related in _RELATED.items()
}
_JOINABLE = {
    same: _open(
        (_leader.label("leader"), cases.c.queue, messages.c.id),
        related,
        cases.c.replied_at.is_(None),
        cases.c.joins_until >= bindparam("at"),
    )
    for same, related in _RELATED.items()
}


def unanswered(
    transaction: Transaction, account: str, sender: str, known: Sequence[str], before: datetime, without: str
) -> list[Earlier]:
    """Open messages of that sender or about those file numbers, in whose case nobody has replied, the latest ones
    first. `without`: the id of the message at hand."""
    asked = {"of_account": account, "since": _since(before), "before": before, "without": without}
    found: dict[str, Earlier] = {}
    for same_file, who in _questions(transaction, sender, known):
        for row in transaction.execute(_WAITING[same_file], asked | who):
            found.setdefault(row.id, Earlier(at=row.received_at, queue=row.queue, same_file=same_file))
    return sorted(found.values(), key=lambda one: one.at, reverse=True)


def file(transaction: Transaction, triage: Triage) -> None:
    """Keeps the traces of a message, by which later ones find it."""
    if triage.traces:
        kept = [kept_trace(transaction, each) for each in triage.traces]
        rows = [{"account": triage.account, "trace": each, "message_id": triage.id} for each in kept]
        transaction.execute(_FILE, rows)


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
    at, until = message.received_at, after(message.received_at, 24)
    asked = {"of_account": triage.account, "since": _since(at), "before": until, "without": triage.id, "at": at}
    for same_file, who in _questions(transaction, sender, triage.traces):
        for leader, queue, other in transaction.execute(_JOINABLE[same_file], asked | who).all():
            same_queue = triage.queue is not None and queue == triage.queue.id
            if same_file or same_queue or _says_the_same(transaction, other, message):
                return str(leader)
    return None


def joined(transaction: Transaction, triage: Triage, leader: str, at: datetime) -> None:
    """Tells that a message has joined a case."""
    counted = transaction.execute(_JOINED, {"leader": leader}).scalar_one()
    change = {"case": leader, "messages": counted + 1}
    record(transaction, new_event("case_joined", triage.id, at, triage.account, after=change))


def _questions(transaction: Transaction, sender: str, known: Sequence[str]) -> Iterator[tuple[bool, dict[str, Any]]]:
    """Whether each asks for the same file, and for whom. An address is asked for form by form: for a list of them
    SQLite would read all that the account got lately, since its rows are in order already."""
    if known:
        yield True, {"known": asked_traces(transaction, list(known))}
    if sender:
        yield from ((False, {"of_sender": form}) for form in likely_addresses(transaction, sender))


def _since(moment: datetime) -> datetime:
    return moment - REMEMBERED if moment.year > 1 else moment


def _stand_in_line(transaction: Transaction, names: Sequence[str]) -> None:
    """PostgreSQL alone has writers at the same time. The order of names is one for all, so that none waits forever."""
    if transaction.dialect.name == "postgresql":
        keys = (sha256(name.encode("utf-8", "surrogatepass")).digest()[:8] for name in names)
        for key in sorted(int.from_bytes(each, "big", signed=True) for each in keys):
            transaction.execute(_LOCK, {"key": key})


def _says_the_same(transaction: Transaction, other_id: str, message: Message) -> bool:
    content = transaction.execute(select(messages.c.content).where(messages.c.id == other_id)).scalar_one()
    other = Message.model_validate_json(content)
    ours, theirs = (" ".join(one.body.split())[:COMPARED_CHARS] for one in (message, other))
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE
