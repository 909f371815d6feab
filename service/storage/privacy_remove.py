"""Removes messages and lessons with all that is about them; what is counted of them stays."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from service.domain.collections import confirmed_of
from service.storage import confirmed, passages, refits, reuses, trials
from service.storage.database import Transaction
from service.storage.insert import add_row
from service.storage.privacy_find import Key
from service.storage.privacy_graph import about, tables_about_messages
from service.storage.schema import cases, kept_counts, learned, messages, triages
from service.storage.schema import reuses as taken_up

BATCH = 200
"""Messages removed in one transaction: a writer of SQLite waits no longer for it than for a slow commit."""
COUNTED_BY = ("account", "day", "channel", "queue", "outcome")


def remove_messages(transaction: Transaction, ids: Sequence[str], keep_counts: bool = True) -> dict[str, int]:
    """Rows removed, by table."""
    if keep_counts:
        _keep_counts(transaction, ids)
    _hand_over(transaction, ids)
    gone = {taken_up.name: reuses.forget(transaction, ids)}
    for table in tables_about_messages():
        if table is not taken_up:
            gone[table.name] = transaction.execute(delete(table).where(about(table, ids))).rowcount
    return gone


def remove_lessons(transaction: Transaction, keys: Iterable[Key], at: datetime) -> int:
    """Nothing finds them or learns from them any more; the next fit is due."""
    count = 0
    for account, names in _by_account(keys).items():
        count += confirmed.remove(transaction, account, names)
        passages.remove(transaction, confirmed_of(account), names)
        trials.forget(transaction, account, names)
        refits.count_change(transaction, account, at, len(names))
    return count


def drop_versions(transaction: Transaction, account: str) -> int:
    """Every version of the learned voters but the one in force. How many went."""
    old = (learned.c.account == account) & learned.c.active.is_(False)
    return transaction.execute(delete(learned).where(old)).rowcount


def has_versions(transaction: Transaction, account: str) -> bool:
    return (
        transaction.execute(select(learned.c.version).where(learned.c.account == account).limit(1)).first() is not None
    )


def _by_account(keys: Iterable[Key]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for account, name in keys:
        found.setdefault(account, []).append(name)
    return found


def counted_by_queue(transaction: Transaction, account: str | None = None) -> list[dict[str, Any]]:
    """What is kept of messages that are gone: one row a day, channel, queue and outcome, oldest first."""
    wanted = select(kept_counts) if account is None else select(kept_counts).where(kept_counts.c.account == account)
    rows = transaction.execute(wanted.order_by(*(kept_counts.c[name] for name in COUNTED_BY))).mappings()
    return [dict(row) for row in rows]


def _keep_counts(transaction: Transaction, ids: Sequence[str]) -> None:
    joined = messages.outerjoin(cases, cases.c.message_id == messages.c.id)
    cost = select(func.sum(triages.c.cost_usd)).where(triages.c.message_id == messages.c.id).scalar_subquery()
    columns = (messages.c.account, messages.c.received_at, messages.c.channel, cases.c.queue, cases.c.outcome)
    said = (cases.c.corrected_at.is_not(None), cases.c.replied_at.is_not(None), func.coalesce(cost, 0.0))
    for row in transaction.execute(select(*columns, *said).select_from(joined).where(messages.c.id.in_(ids))).all():
        account, received, channel, queue, outcome, corrected, replied, spent = row
        key = (account, received.date(), channel, queue or "", outcome or "")
        _count(transaction, key, {"corrected": int(corrected), "replied": int(replied), "cost_usd": float(spent)})


def _count(transaction: Transaction, key: tuple[str, date, str, str, str], said: dict[str, Any]) -> None:
    named = dict(zip(COUNTED_BY, key, strict=True))
    if add_row(transaction, kept_counts, named | said | {"messages": 1}):
        return
    mine = [kept_counts.c[name] == value for name, value in named.items()]
    more = {name: kept_counts.c[name] + value for name, value in (said | {"messages": 1}).items()}
    transaction.execute(update(kept_counts).where(*mine).values(more))


def _hand_over(transaction: Transaction, ids: Sequence[str]) -> None:
    """A case whose first message goes is called by the next one of its messages."""
    left = cases.c.message_id.not_in(ids)
    led = select(cases.c.joined_to, func.min(cases.c.message_id)).where(cases.c.joined_to.in_(ids), left)
    for leader, heir in transaction.execute(led.group_by(cases.c.joined_to)).all():
        transaction.execute(update(cases).where(cases.c.joined_to == leader, left).values(joined_to=heir))
        transaction.execute(update(cases).where(cases.c.message_id == heir).values(joined_to=None))
