"""Finds everything that is held about a person."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from service.domain.confirmed import Confirmed
from service.domain.message import Message
from service.pipeline.clean import address_of
from service.storage.database import Transaction
from service.storage.privacy_graph import about, tables_about_messages
from service.storage.privacy_lookup import asked_addresses, asked_traces, names, normalised
from service.storage.schema import confirmed, events, learned, messages, traces

READ = 500
_MIME = '"body_format":"mime"'
Key = tuple[str, str]
"""An account, and an external id in it."""


@dataclass(frozen=True, slots=True)
class Held:
    """Ids of a person's messages, what they are called among confirmed ones, and what their callers call them."""

    messages: tuple[str, ...] = ()
    lessons: tuple[Key, ...] = ()
    external: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sought:
    """Whose data: of an address, of the messages that name a file number of which `numbers` are the traces, and of the
    messages with these `ids`. `account` bounds what is looked at."""

    sender: str
    account: str | None = None
    numbers: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


def held(transaction: Transaction, sought: Sought, limit: int | None = None) -> Held:
    rows = _messages(transaction, sought, limit)
    known = {(its, external or id_) for id_, its, external in rows}
    taught = [key for key in known if _is_lesson(transaction, key)]
    lessons = {*taught, *_lessons(transaction, sought.sender, sought.account)}
    return Held(tuple(id_ for id_, *_ in rows), tuple(sorted(lessons)), tuple(name for *_, name in rows if name))


def _messages(transaction: Transaction, sought: Sought, limit: int | None) -> Sequence[Any]:
    wanted: ColumnElement[bool] = messages.c.sender.in_(asked_addresses(transaction, sought.sender))
    wanted = or_(wanted, messages.c.id.in_((*sought.ids, *_headed(transaction, sought.sender))))
    if sought.numbers:
        known = asked_traces(transaction, list(sought.numbers))
        wanted = or_(wanted, messages.c.id.in_(select(traces.c.message_id).where(traces.c.trace.in_(known))))
    query = select(messages.c.id, messages.c.account, messages.c.external_id).where(wanted)
    if sought.account is not None:
        query = query.where(messages.c.account == sought.account)
    return transaction.execute(query.order_by(messages.c.id).limit(limit)).all()


def _headed(transaction: Transaction, sender: str) -> Iterator[str]:
    """Ids of messages that were stored without an address, and have this one in their MIME headers."""
    rows = transaction.execute(select(messages.c.id, messages.c.content).where(messages.c.sender == ""))
    for id_, content in rows:
        if _MIME in content and _is_from(Message.model_validate_json(content), sender):
            yield id_


def _is_from(message: Message, sender: str) -> bool:
    return normalised(address_of(message)) == normalised(sender)


def _lessons(transaction: Transaction, sender: str, account: str | None) -> Iterable[Key]:
    wanted: ColumnElement[bool] = confirmed.c.sender.in_(asked_addresses(transaction, sender))
    if account is not None:
        wanted &= confirmed.c.account == account
    found = select(confirmed.c.account, confirmed.c.external_id).where(wanted)
    rows = [(its, name) for its, name in transaction.execute(found)]
    bare = select(confirmed.c.account, confirmed.c.external_id, confirmed.c.content).where(confirmed.c.sender == "")
    for its, name, content in transaction.execute(bare):
        mine = account in (None, its) and _MIME in content
        if mine and _is_from(Confirmed.model_validate_json(content).message, sender):
            rows.append((its, name))
    return rows


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
    own, last = set(found.messages), ""
    named: list[str] = []
    while sender.strip():
        wanted = select(messages.c.id, messages.c.content).where(messages.c.id > last)
        if account is not None:
            wanted = wanted.where(messages.c.account == account)
        rows = transaction.execute(wanted.order_by(messages.c.id).limit(READ)).all()
        named += [id_ for id_, content in rows if id_ not in own and names(content, sender)]
        if len(rows) < READ:
            break
        last = rows[-1][0]
    return named


def batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + READ] for start in range(0, len(ids), READ))
