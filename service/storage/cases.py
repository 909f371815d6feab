"""Cases: reading them one by one and in pages, and what an advisor changes of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select, update

from service.domain.case import Case, MessageState, Page
from service.domain.decision import Outcome
from service.domain.moment import in_utc
from service.domain.sought import Sought
from service.storage import corrections, finding, flags, replies, triages
from service.storage.database import Transaction
from service.storage.ids import earliest_id
from service.storage.schema import cases, messages

_joined = cases.alias()
_case = func.coalesce(cases.c.joined_to, messages.c.id)
COLUMNS = (
    *(messages.c[name] for name in ("id", "external_id", "account", "channel", "received_at", "arrived_at")),
    *(messages.c[name] for name in ("state", "attempts", "error")),
    *(cases.c[name] for name in ("outcome", "queue", "confidence", "due_at", "corrected_by", "corrected_at")),
    *(cases.c[name] for name in ("claimed_by", "claimed_at", "replied_at", "raised", "flagged_by", "flagged_at")),
    cases.c.state.label("case_state"),
    _case.label("case_id"),
    select(1 + func.count()).where(_joined.c.joined_to == _case).scalar_subquery().label("case_messages"),
)

EARLY = timedelta(days=1)
"""How long after its arrival a message may be dated, by clocks that are wrong."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which cases a page holds. Times bound `received_at`: `since` is inside, `until` outside. A message
    that is dated more than a day after its arrival is not found by `since`s after that day. `wanted`: words
    that the message, its sender or its reply hold."""

    account: str | None = None
    queue: str | None = None
    outcome: Outcome | None = None
    state: MessageState | None = None
    since: datetime | None = None
    until: datetime | None = None
    case: str | None = None
    wanted: Sought | None = None


def find(transaction: Transaction, message_id: str) -> Case | None:
    """The case with its latest triage, what was last said about its queue and flags, and what its reply made of its
    draft."""
    wanted = select(*COLUMNS).select_from(messages.outerjoin(cases)).where(messages.c.id == message_id)
    row = transaction.execute(wanted).mappings().one_or_none()
    if row is None:
        return None
    said = corrections.current(transaction, message_id)
    compared = replies.comparison(transaction, message_id)
    triage = triages.latest(transaction, message_id)
    raised = triage.flags if triage else ()
    told = flags.up(transaction, message_id) if row["flagged_at"] else raised
    return Case(**row, flags=told, triage=triage, correction=said, comparison=compared)


def page(transaction: Transaction, filter_: Filter, limit: int, before: str | None = None) -> Page:
    """At most `limit` cases that arrived before the one named: ids sort by arrival, so that what
    arrives while a caller turns the pages neither repeats a case nor hides one."""
    query = _filtered(filter_)
    if filter_.wanted is not None:
        found = finding.ordered(transaction, finding.finding(transaction, query, filter_.wanted), "newest", before)
        return _paged(transaction, found, limit)
    key = cases.c.message_id if _concluded(filter_) else messages.c.id
    if before is not None:
        query = query.where(key < before)
    return _paged(transaction, query.order_by(key.desc()), limit)


def _paged(transaction: Transaction, query: Select[Any], limit: int) -> Page:
    rows = transaction.execute(query.limit(limit + 1)).mappings().all()
    items = tuple(Case(**row) for row in rows[:limit])
    return Page(items=items, next_cursor=items[-1].id if len(rows) > limit else None)


def listed(transaction: Transaction, ids: Sequence[str]) -> list[Case]:
    """Those cases, in that order, as lists have them."""
    rows = transaction.execute(select(*COLUMNS).select_from(messages.outerjoin(cases)).where(messages.c.id.in_(ids)))
    known = {row["id"]: Case(**row) for row in rows.mappings()}
    return [known[one] for one in ids if one in known]


def lock(transaction: Transaction, message_id: str) -> None:
    """Whoever changes this case stands in line until the transaction ends, so that each event's `before` is true."""
    transaction.execute(select(cases.c.message_id).where(cases.c.message_id == message_id).with_for_update())


def change(transaction: Transaction, message_id: str, **values: Any) -> None:
    transaction.execute(update(cases).where(cases.c.message_id == message_id).values(values))


def _concluded(filter_: Filter) -> bool:
    return filter_.queue is not None or filter_.outcome is not None


def _filtered(filter_: Filter) -> Select[Any]:
    """Starts from the table whose index serves the filter."""
    concluded = _concluded(filter_)
    source = cases.join(messages) if concluded else messages.outerjoin(cases)
    account = cases.c.account if concluded else messages.c.account
    wanted = [
        (account, filter_.account),
        (cases.c.queue, filter_.queue),
        (cases.c.outcome, filter_.outcome),
        (messages.c.state, filter_.state),
    ]
    query = select(*COLUMNS).select_from(source)
    query = query.where(*(column == value for column, value in wanted if value is not None))
    if filter_.case is not None:
        query = query.where(or_(cases.c.joined_to == filter_.case, messages.c.id == filter_.case))
    if filter_.since is not None:
        # The bound on the id lets the index that pages are read from end the search, too.
        arrived = messages.c.id >= earliest_id(in_utc(filter_.since), EARLY)
        query = query.where(messages.c.received_at >= filter_.since, arrived)
    return query if filter_.until is None else query.where(messages.c.received_at < filter_.until)
