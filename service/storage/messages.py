"""Messages as they came in, each once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, or_, select, text, update

from service.domain.case import MessageState
from service.domain.message import Message
from service.pipeline.clean import address_of
from service.storage.database import Transaction
from service.storage.insert import add_row
from service.storage.prepared import Prepared
from service.storage.privacy_lookup import kept_address
from service.storage.schema import accounts, messages, triages

LONGEST_REST = timedelta(minutes=2)
"""Nothing rests for longer: what seems to was put off, or leased, by a clock that has stepped back since."""
_IN_LINE = text("messages.state = 'received'")  # in these words, SQLite sees that the index of them will do

_HERE = (messages.c.account == accounts.c.id) & (messages.c.external_id == bindparam("wanted"))
_IN_EACH = Prepared(
    lambda _: select(accounts.c.id, messages.c.id, messages.c.state, messages.c.body_hash).select_from(
        accounts.outerjoin(messages, _HERE)
    )
)
_CONTENT = Prepared(lambda _: select(messages.c.content).where(messages.c.id == bindparam("wanted")))


@dataclass(frozen=True, slots=True)
class Filed:
    """Where a message is found, and the hash of the request that it came in."""

    id: str
    state: MessageState
    body_hash: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Messages of an account that wait for triage, since when the oldest of them does, and those that failed."""

    account: str
    waiting: int = 0
    failed: int = 0
    oldest: datetime | None = None


def find(transaction: Transaction, account: str, external_id: str | None) -> Filed | None:
    if external_id is None:
        return None
    wanted = (messages.c.account == account) & (messages.c.external_id == external_id)
    row = transaction.execute(select(messages.c.id, messages.c.state, messages.c.body_hash).where(wanted)).one_or_none()
    return Filed(*row) if row else None


def find_in_each(transaction: Transaction, external_id: str | None) -> dict[str, Filed | None]:
    """Every account, with its message of that external id: what admission asks, in one statement."""
    rows = _IN_EACH.rows(transaction, {"wanted": external_id or ""})
    return {account: Filed(*found) if found[0] else None for account, *found in rows}


def add(
    transaction: Transaction,
    message_id: str,
    message: Message,
    body_hash: str,
    state: str,
    at: datetime,
    due_by: datetime | None = None,
) -> bool:
    """False where its account has a message of that external id. `due_by` is its place in the order of work."""
    return add_row(
        transaction,
        messages,
        {
            "id": message_id,
            "account": message.account,
            "external_id": message.external_id,
            "body_hash": body_hash,
            "content": message.model_dump_json(),
            "channel": message.channel,
            "sender": kept_address(transaction, address_of(message)),
            "received_at": message.received_at,
            "arrived_at": at,
            "state": state,
            "attempts": 0,
            "error": "",
            "due_by": due_by or at,
        },
    )


def load(transaction: Transaction, message_id: str) -> Message | None:
    found = _CONTENT.rows(transaction, {"wanted": message_id})
    return Message.model_validate_json(found[0][0]) if found else None


def load_of(transaction: Transaction, message_id: str, account: str) -> Message | None:
    """One of the account's, by our id or its external one."""
    named = or_(messages.c.id == message_id, messages.c.external_id == message_id)
    wanted = select(messages.c.content).where(messages.c.account == account, named).limit(1)
    content = transaction.execute(wanted).scalar_one_or_none()
    return Message.model_validate_json(content) if content is not None else None


def settle(transaction: Transaction, message_id: str, holder: str | None = None) -> bool:
    """Marks a message as triaged; False where it was already, or is no longer leased to that `holder`."""
    waiting = _held(message_id, holder) & (messages.c.state != "triaged")
    done: dict[str, Any] = {"state": "triaged", "error": "", "leased_by": None, "leased_until": None}
    return transaction.execute(update(messages).where(waiting).values(done)).rowcount == 1


def lease(
    transaction: Transaction,
    worker: str,
    limit: int,
    now: datetime,
    lasting: timedelta,
    resting: Collection[str] = (),
) -> list[str]:
    """Takes the messages that wait for triage, rest no more and are held by no worker: those that are due first, and
    none of the accounts `resting`."""
    until = messages.c.leased_until
    free = or_(until.is_(None), until < now, until > now + LONGEST_REST + 2 * lasting)
    in_line = select(messages.c.id).where(_IN_LINE, free).order_by(messages.c.due_by, messages.c.id).limit(limit)
    if resting:
        in_line = in_line.where(messages.c.account.not_in(resting))
    ids = transaction.execute(in_line.with_for_update(skip_locked=True)).scalars().all()
    held = {"leased_by": worker, "leased_until": now + lasting}
    if ids:
        transaction.execute(update(messages).where(messages.c.id.in_(ids)).values(held))
    return list(ids)


def renew(transaction: Transaction, worker: str, ids: Sequence[str], until: datetime) -> None:
    """The worker is still at these messages, as far as they are its own."""
    mine = messages.c.id.in_(ids) & (messages.c.leased_by == worker)
    transaction.execute(update(messages).where(mine).values(leased_until=until))


def give_back(transaction: Transaction, worker: str, ids: Sequence[str], until: datetime | None = None) -> None:
    """Ends the worker's leases, so that another may take the messages at once, or when they have rested."""
    mine = messages.c.id.in_(ids) & (messages.c.leased_by == worker)
    transaction.execute(update(messages).where(mine).values(leased_by=None, leased_until=until))


def count_failure(
    transaction: Transaction, message_id: str, error: str, limit: int, retry_at: datetime, holder: str | None = None
) -> int:
    """One more failed try, after which it rests until `retry_at`, or is `failed` from the `limit`th on.
    Returns the tries so far; 0 where it was triaged meanwhile, or is no longer leased to that `holder`."""
    waiting = _held(message_id, holder) & (messages.c.state == "received")
    count = (
        update(messages)
        .where(waiting)
        .values(attempts=messages.c.attempts + 1, error=error, leased_by=None, leased_until=retry_at)
    )
    attempts = transaction.execute(count.returning(messages.c.attempts)).scalar_one_or_none() or 0
    if attempts >= limit:
        transaction.execute(
            update(messages).where(messages.c.id == message_id).values(state="failed", leased_until=None)
        )
    return attempts


def revive(transaction: Transaction, message_id: str) -> bool:
    """Puts a failed message back in line; False where it is not failed."""
    failed = (messages.c.id == message_id) & (messages.c.state == "failed")
    fresh = {"state": "received", "attempts": 0, "error": "", "leased_by": None, "leased_until": None}
    return transaction.execute(update(messages).where(failed).values(fresh)).rowcount == 1


def failed(transaction: Transaction, account: str | None, limit: int) -> list[str]:
    """Ids of failed messages, the oldest first, which nobody else takes before the transaction ends."""
    wanted = select(messages.c.id).where(messages.c.state == "failed").order_by(messages.c.id).limit(limit)
    bound = wanted if account is None else wanted.where(messages.c.account == account)
    return list(transaction.execute(bound.with_for_update(skip_locked=True)).scalars())


def triaged_since(transaction: Transaction, since: datetime) -> int:
    """How many triages were concluded since then, whichever process did."""
    recent = select(func.count()).select_from(triages).where(triages.c.created_at > since)
    return int(transaction.execute(recent).scalar_one())


def standing(transaction: Transaction) -> list[Standing]:
    """What is not triaged, by account; accounts where everything is have no row."""
    counted = select(messages.c.account, messages.c.state, func.count(), func.min(messages.c.arrived_at))
    unsettled = counted.where(messages.c.state.in_(("received", "failed")))
    found: dict[str, Standing] = {}
    for account, state, count, oldest in transaction.execute(unsettled.group_by(messages.c.account, messages.c.state)):
        known = found.get(account, Standing(account))
        more = {"waiting": count, "oldest": oldest} if state == "received" else {"failed": count}
        found[account] = replace(known, **more)
    return list(found.values())


def _held(message_id: str, holder: str | None) -> ColumnElement[bool]:
    """The message; with a `holder`, only while it is leased to him. A lease that ended holds until another takes it."""
    this = messages.c.id == message_id
    return this if holder is None else this & (messages.c.leased_by == holder)
