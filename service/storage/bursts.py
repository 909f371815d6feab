"""Messages that belong together: of one sender, or about one file number, which is kept as a hash only."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
)

from service.domain.history import Earlier
from service.domain.message import Message
from service.domain.moment import after
from service.domain.triage import Triage
from service.pipeline.clean import address_of
from service.storage.database import Transaction
from service.storage.events import new_event, record
from service.storage.messages import load
from service.storage.prepared import Prepared, in_one_go
from service.storage.privacy_lookup import asked_traces, kept_trace, likely_addresses
from service.storage.schema import cases, messages, traces

REMEMBERED = timedelta(days=90)
"""An unanswered message of longer ago is no longer waited for."""
MOST = 10
LOOKED_AT = 200
"""Of a sender's messages, the latest: whoever sends more is a form on a web site, and all that came by it would be read
at every message."""
ALIKE = 0.9
"""Share of equal characters from which two messages say the same."""
COMPARED_CHARS = 2_000

_IS_OPEN = cases.c.state == literal_column("'open'")
"""Written out: for a value that is bound, SQLite plans the statement anew each time, since it might let it use an index
of the open cases alone."""
_leader = func.coalesce(cases.c.joined_to, cases.c.message_id)
_JOINED = Prepared(lambda _: select(func.count()).where(cases.c.joined_to == bindparam("leader")))
_FILE = Prepared(lambda _: insert(traces), traces.c.keys())
_LOCK = Prepared(lambda _: select(func.pg_advisory_xact_lock(bindparam("key", type_=BigInteger))))


def _open(columns: Sequence[Any], related: ColumnElement[bool], *wanted: ColumnElement[bool]) -> Select[Any]:
    """The latest of the related messages whose case is open."""
    moment = messages.c.received_at
    recent = and_(moment >= bindparam("since"), moment < bindparam("before"), messages.c.id != bindparam("without"))
    latest = select(messages.c.id).where(related, recent).order_by(moment.desc()).limit(LOOKED_AT).correlate(None)
    query = select(*columns).select_from(messages.join(cases)).where(messages.c.id.in_(latest), _IS_OPEN, *wanted)
    return query.order_by(moment.desc()).limit(MOST)


_other = cases.alias()
_replied = exists().where(
    or_(_other.c.message_id == _leader, _other.c.joined_to == _leader), _other.c.replied_at.is_not(None)
)


def _related(numbers: int) -> ColumnElement[bool]:
    """Messages that name one of so many file numbers, or with none those of the sender: one question each, so that each
    has its index."""
    if not numbers:
        return and_(messages.c.account == bindparam("of_account"), messages.c.sender == bindparam("of_sender"))
    known: list[Any] = [bindparam(_number(at)) for at in range(numbers)]
    named = select(traces.c.message_id).where(traces.c.account == bindparam("of_account"), traces.c.trace.in_(known))
    return messages.c.id.in_(named)


@cache
def _waiting(numbers: int) -> Prepared:
    columns = (messages.c.id, messages.c.received_at, cases.c.queue)
    return Prepared(lambda _: _open(columns, _related(numbers), ~_replied))


@cache
def _joinable(numbers: int) -> Prepared:
    columns = (_leader.label("leader"), cases.c.queue, messages.c.id)
    wanted = (cases.c.replied_at.is_(None), cases.c.joins_until >= bindparam("at"))
    return Prepared(lambda _: _open(columns, _related(numbers), *wanted))


def _number(at: int) -> str:
    return f"number_{at}"


def unanswered(
    transaction: Transaction, account: str, sender: str, known: Sequence[str], before: datetime, without: str
) -> list[Earlier]:
    """Open messages of that sender or about those file numbers, in whose case nobody has replied, the latest ones
    first. `without`: the id of the message at hand."""
    asked = {"of_account": account, "since": _since(before), "before": before, "without": without}
    found: dict[str, Earlier] = {}
    with in_one_go(transaction):
        questions = _questions(transaction, sender, known)
        answers = [(numbers > 0, _waiting(numbers).ask(transaction, asked | who)) for numbers, who in questions]
        for same_file, answer in answers:
            for message_id, at, queue in answer():
                found.setdefault(message_id, Earlier(at=at, queue=queue, same_file=same_file))
    return sorted(found.values(), key=lambda one: one.at, reverse=True)


def file(transaction: Transaction, triage: Triage) -> None:
    """Keeps the traces of a message, by which later ones find it."""
    kept = [kept_trace(transaction, each) for each in triage.traces]
    rows = [{"account": triage.account, "trace": each, "message_id": triage.id} for each in kept]
    _FILE.run_many(transaction, rows)


def open_case(transaction: Transaction, triage: Triage, message: Message) -> str | None:
    """The id of the case that a new message joins; None where it opens one of its own.

    It joins an open one, of the same sender or about the same file, whose last message is not longer ago than the
    account's window, if both are in one queue, about one file, or say the same. Stands in line with whoever files
    a message of the same sender or file at the same time.
    """
    sender = address_of(message).strip().lower()
    if triage.joins_until is None or not (sender or triage.traces):
        return None
    _stand_in_line(transaction, [f"{triage.account} {name}" for name in {sender, *triage.traces} - {""}])
    at, until = message.received_at, after(message.received_at, 24)
    asked = {"of_account": triage.account, "since": _since(at), "before": until, "without": triage.id, "at": at}
    questions = _questions(transaction, sender, triage.traces)
    answers = [(numbers > 0, _joinable(numbers).ask(transaction, asked | who)) for numbers, who in questions]
    for same_file, answer in answers:
        for leader, queue, other in answer():
            same_queue = triage.queue is not None and queue == triage.queue.id
            if same_file or same_queue or _says_the_same(transaction, other, message):
                return str(leader)
    return None


def joined(transaction: Transaction, triage: Triage, leader: str, at: datetime) -> None:
    """Tells that a message has joined a case."""
    ((counted,),) = _JOINED.rows(transaction, {"leader": leader})
    change = {"case": leader, "messages": counted + 1}
    record(transaction, new_event("case_joined", triage.id, at, triage.account, after=change))


def _questions(transaction: Transaction, sender: str, known: Sequence[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """For how many file numbers each asks, and for which or whom. An address is asked for form by form: for a list of
    them SQLite would read all that the account got lately, since its rows are in order already."""
    if known:
        asked = asked_traces(transaction, list(known))
        numbers = 1 << (len(asked) - 1).bit_length()  # the last one again and again, so that few statements serve all
        yield numbers, {_number(at): asked[min(at, len(asked) - 1)] for at in range(numbers)}
    if sender:
        yield from ((0, {"of_sender": form}) for form in likely_addresses(transaction, sender))


def _since(moment: datetime) -> datetime:
    return moment - REMEMBERED if moment.year > 1 else moment


def _stand_in_line(transaction: Transaction, names: Sequence[str]) -> None:
    """PostgreSQL alone has writers at the same time. The order of names is one for all, so that none waits forever."""
    if transaction.dialect.name == "postgresql":
        keys = (sha256(name.encode("utf-8", "surrogatepass")).digest()[:8] for name in names)
        for key in sorted(int.from_bytes(each, "big", signed=True) for each in keys):
            _LOCK.ask(transaction, {"key": key})


def _says_the_same(transaction: Transaction, other_id: str, message: Message) -> bool:
    other = load(transaction, other_id)
    if other is None:
        return False
    ours, theirs = (" ".join(one.body.split())[:COMPARED_CHARS] for one in (message, other))
    if ours == theirs:
        return True
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE
