"""Finds everything that is held about a person."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from service.storage.database import Transaction
from service.storage.privacy_graph import about, tables_about_messages
from service.storage.privacy_lookup import asked_addresses, asked_traces
from service.storage.schema import confirmed, events, learned, messages, traces

READ = 500
Key = tuple[str, str]
"""An account, and an external id in it."""


@dataclass(frozen=True, slots=True)
class Held:
    """Ids of a person's messages, and what they are called among confirmed ones."""

    messages: tuple[str, ...] = ()
    lessons: tuple[Key, ...] = ()


def held(
    transaction: Transaction,
    sender: str,
    account: str | None = None,
    numbers: Sequence[str] = (),
    limit: int | None = None,
) -> Held:
    """Of one address, and of the messages that name a file number of which `numbers` are the traces."""
    rows = _messages(transaction, sender, account, numbers, limit)
    known = {(its, external or id_) for id_, its, external in rows}
    taught = [key for key in known if _is_lesson(transaction, key)]
    lessons = {*taught, *_lessons(transaction, sender, account)}
    return Held(tuple(id_ for id_, *_ in rows), tuple(sorted(lessons)))


def _messages(
    transaction: Transaction, sender: str, account: str | None, numbers: Sequence[str], limit: int | None
) -> Sequence[Any]:
    wanted: ColumnElement[bool] = messages.c.sender.in_(asked_addresses(transaction, sender))
    if numbers:
        named = select(traces.c.message_id).where(traces.c.trace.in_(asked_traces(transaction, list(numbers))))
        wanted = or_(wanted, messages.c.id.in_(named))
    query = select(messages.c.id, messages.c.account, messages.c.external_id).where(wanted)
    if account is not None:
        query = query.where(messages.c.account == account)
    return transaction.execute(query.order_by(messages.c.id).limit(limit)).all()


def _lessons(transaction: Transaction, sender: str, account: str | None) -> Iterable[Key]:
    wanted: ColumnElement[bool] = confirmed.c.sender.in_(asked_addresses(transaction, sender))
    if account is not None:
        wanted &= confirmed.c.account == account
    found = select(confirmed.c.account, confirmed.c.external_id).where(wanted)
    return [(its, name) for its, name in transaction.execute(found)]


def _is_lesson(transaction: Transaction, key: Key) -> bool:
    wanted = select(func.count()).where(confirmed.c.account == key[0], confirmed.c.external_id == key[1])
    return bool(transaction.execute(wanted).scalar_one())


def counted(transaction: Transaction, found: Held) -> dict[str, int]:
    """Rows by table."""
    counts = {"confirmed": len(found.lessons)}
    for table in tables_about_messages():
        each = [select(func.count()).select_from(table).where(about(table, ids)) for ids in batches(found.messages)]
        counts[table.name] = sum(transaction.execute(one).scalar_one() for one in each)
    return counts


def dumped(transaction: Transaction, found: Held) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row about these messages, opened, with its table's name."""
    for table in reversed(tables_about_messages()):
        for ids in batches(found.messages):
            rows = transaction.execute(select(table).where(about(table, ids)).order_by(*table.primary_key)).mappings()
            yield from ((table.name, dict(row)) for row in rows)
    for ids in batches(found.messages):
        rows = transaction.execute(select(events).where(events.c.subject.in_(ids)).order_by(events.c.id)).mappings()
        yield from (("events", dict(row)) for row in rows)
    for account, name in found.lessons:
        wanted = select(confirmed).where(confirmed.c.account == account, confirmed.c.external_id == name)
        row = dict(transaction.execute(wanted).mappings().one())
        yield "confirmed", row | {"learned_from": _learned_from(transaction, account, row["confirmed_at"])}


def _learned_from(transaction: Transaction, account: str, since: Any) -> list[str]:
    """Versions of the learned voters that were fitted while it taught."""
    wanted = select(learned.c.version).where(learned.c.account == account, learned.c.created_at >= since)
    return list(transaction.execute(wanted.order_by(learned.c.created_at)).scalars())


def mentions(transaction: Transaction, sender: str, found: Held, account: str | None = None) -> list[str]:
    """Ids of other people's messages that name the address. Reads every message: texts may be sealed."""
    needle, own, last = sender.strip().casefold(), set(found.messages), ""
    named: list[str] = []
    while needle:
        wanted = select(messages.c.id, messages.c.content).where(messages.c.id > last)
        if account is not None:
            wanted = wanted.where(messages.c.account == account)
        rows = transaction.execute(wanted.order_by(messages.c.id).limit(READ)).all()
        named += [id_ for id_, content in rows if id_ not in own and needle in content.casefold()]
        if len(rows) < READ:
            break
        last = rows[-1][0]
    return named


def batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + READ] for start in range(0, len(ids), READ))
