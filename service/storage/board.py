"""What stands on the desk: queues with what is to do in them, and messages oldest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, func, not_, select

from service.domain.case import Case
from service.domain.decision import Outcome
from service.domain.message import Channel
from service.domain.team import Reach
from service.storage import cases, flags
from service.storage.database import Transaction
from service.storage.reach import within
from service.storage.schema import cases as case_table
from service.storage.schema import messages as message_table
from service.storage.schema.work import TO_DO

Stage = Literal["to_do", "answered", "waiting", "all"]
NO_QUEUE = "-"
"""Asks for the messages that are in no queue."""
NOBODY = ""
"""Asks for the messages that nobody has claimed."""


@dataclass(frozen=True, slots=True)
class Look:
    """Which messages. `accounts` None: of every account; `queue` `-`: those in none; `holder`: who claimed them.
    `flag`: those that carry it; `sure`: those whose confidence is in [first, last).
    `reach`: those that one of these covers, None: all; `out_of_reach`: those that none of them covers."""

    accounts: tuple[str, ...] | None = None
    stage: Stage = "to_do"
    queue: str | None = None
    outcome: Outcome | None = None
    channel: Channel | None = None
    language: str | None = None
    holder: str | None = None
    flag: str | None = None
    sure: tuple[float, float] | None = None
    reach: tuple[Reach, ...] | None = None
    out_of_reach: tuple[Reach, ...] | None = None


@dataclass(frozen=True, slots=True)
class Pile:
    """What is to do in a queue: how many, how many of them late, and when the next is due."""

    account: str
    queue: str | None
    count: int
    late: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Heap:
    """A pile's messages in one language and raised to one level."""

    pile: Pile
    language: str | None
    raised: int | None


def heaps(transaction: Transaction, accounts: Sequence[str] | None, now: datetime) -> list[Heap]:
    """What is to do, read from an index alone."""
    late = func.count().filter(case_table.c.due_at < now)
    own = [case_table.c[name] for name in ("account", "queue", "language", "raised")]
    query = select(*own, func.count(), late, func.min(case_table.c.due_at)).where(TO_DO).group_by(*own)
    if accounts is not None:
        query = query.where(case_table.c.account.in_(accounts))
    rows = transaction.execute(query)
    return [
        Heap(Pile(account, queue, *counted), language, raised) for account, queue, language, raised, *counted in rows
    ]


_UNINDEXED_ACCOUNT = case_table.c.account.concat("")
"""SQLite would take an account for a narrow choice and sort all of it: so, an index in the order that is asked for is
walked up to the first cases that fit."""


def page(transaction: Transaction, look: Look, limit: int, after: str | None = None) -> tuple[list[Case], str | None]:
    """At most `limit` messages after the one of that id, oldest first, and the id that the next page goes on from."""
    key = message_table.c.id if look.stage in {"waiting", "all"} else case_table.c.message_id
    query = wanted(look, _walked(look))
    if after is not None:
        query = query.where(key > after)
    rows = transaction.execute(query.order_by(key).limit(limit + 1)).mappings().all()
    found = [Case(**row) for row in rows[:limit]]
    return found, found[-1].id if len(rows) > limit else None


def _walked(look: Look) -> ColumnElement[str]:
    """The account that finds the oldest cases without a sort: of a queue, and of one account's answered ones, an index
    has them in order."""
    ordered = look.queue is not None or (look.stage != "to_do" and len(look.accounts or ()) == 1)
    return case_table.c.account if ordered else _UNINDEXED_ACCOUNT


def first_due(transaction: Transaction, look: Look) -> str | None:
    """The id of the message to do that is due first, or came first where none is due: its case is locked until the
    transaction ends. A case that another transaction holds is passed over: it is somebody's in a moment."""
    due = case_table.c.due_at
    first = wanted(look, _UNINDEXED_ACCOUNT).with_only_columns(case_table.c.message_id).limit(1)
    locked = first.with_for_update(skip_locked=True, of=case_table)
    dated = locked.where(due.is_not(None)).order_by(due, case_table.c.message_id)
    undated = locked.where(due.is_(None)).order_by(case_table.c.message_id)
    return transaction.execute(dated).scalar() or transaction.execute(undated).scalar()


def wanted(look: Look, account_of_case: ColumnElement[str] = case_table.c.account) -> Select[Any]:
    """The columns of a case, of every message that is looked for."""
    whole = look.stage in {"waiting", "all"}
    source = message_table.outerjoin(case_table) if whole else case_table.join(message_table)
    query = select(*cases.COLUMNS).select_from(source)
    if look.accounts is not None:
        account = message_table.c.account if whole else account_of_case
        query = query.where(account.in_(look.accounts))
    stages = {
        "to_do": TO_DO,
        "answered": case_table.c.replied_at.is_not(None),
        "waiting": message_table.c.state == "received",
    }
    if look.stage in stages:
        query = query.where(stages[look.stage])
    if look.queue is not None:
        inside = case_table.c.queue
        query = query.where(inside.is_(None) if look.queue == NO_QUEUE else inside == look.queue)
    query = query.where(*_reached(look, account_of_case))
    if look.holder is not None:
        by = case_table.c.claimed_by
        query = query.where(by.is_(None) if look.holder == NOBODY else by == look.holder)
    if look.flag is not None:
        query = query.where(flags.carries(look.flag))
    if look.sure is not None:
        least, below = look.sure
        query = query.where(case_table.c.confidence >= least, case_table.c.confidence < below)
    equal = (
        (case_table.c.outcome, look.outcome),
        (message_table.c.channel, look.channel),
        (case_table.c.language, look.language),
    )
    return query.where(*(column == value for column, value in equal if value is not None))


def _reached(look: Look, account: ColumnElement[str]) -> Iterator[ColumnElement[bool]]:
    if look.reach is not None:
        yield within(look.reach, account)
    if look.out_of_reach is not None:
        yield not_(within(look.out_of_reach, account))
