"""Confirmed messages: as they came in, and as learned voters and examples may see them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import delete, func, select, update

from service.domain.confirmed import Confirmed
from service.domain.redacted import Redacted
from service.pipeline.clean import address_of
from service.storage import redacted_json
from service.storage.batches import batches
from service.storage.database import Transaction
from service.storage.insert import put_rows
from service.storage.privacy_lookup import kept_address
from service.storage.schema import confirmed

Source = Literal["import", "correction", "reply", "audit"]

_TOLD = ("source", "confirmed_by", "comment", "confirmed_at", "flags_told")
_LESSON = [confirmed.c[name] for name in ("content", "redacted", *_TOLD)]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A confirmed message, its redacted text, and who says so. `at`: since when it is taught, where it is stored.
    `flags_told`: a person said on the desk which flags it has, not its queue alone."""

    confirmed: Confirmed
    redacted: Redacted
    source: Source = "import"
    by: str = ""
    comment: str = ""
    at: datetime | None = None
    flags_told: bool = False

    @property
    def id(self) -> str:
        """Its external id. Raises ValueError where the message has none."""
        external_id = self.confirmed.message.external_id
        if external_id is None:
            raise ValueError("a confirmed message has an external id")
        return external_id


def put(transaction: Transaction, account: str, lessons: Sequence[Lesson], at: datetime) -> None:
    """Adds lessons, or replaces those of the same external id."""
    put_rows(transaction, confirmed, [_row(transaction, account, lesson, at) for lesson in lessons])


def tell_flags(transaction: Transaction, account: str, external_id: str, flags: Sequence[str]) -> bool:
    """A person says which flags the confirmed message has; False where nothing has confirmed it, or they were told
    so."""
    mine = (confirmed.c.account == account) & (confirmed.c.external_id == external_id)
    known = transaction.execute(select(confirmed.c.content, confirmed.c.flags_told).where(mine)).one_or_none()
    if known is None:
        return False
    was = Confirmed.model_validate_json(known.content)
    if known.flags_told and set(was.flags) == set(flags):
        return False
    one = was.model_copy(update={"flags": tuple(flags)})
    values = {"content": one.model_dump_json(), "content_hash": content_hash(one), "flags_told": True}
    transaction.execute(update(confirmed).where(mine).values(values))
    return True


def remove(transaction: Transaction, account: str, external_ids: Sequence[str]) -> int:
    """Nothing is learned from them any more; how many there were."""
    mine = delete(confirmed).where(confirmed.c.account == account)
    gone = (mine.where(confirmed.c.external_id.in_(some)) for some in batches(external_ids))
    return sum(transaction.execute(statement).rowcount for statement in gone)


def hashes(transaction: Transaction, account: str) -> dict[str, str]:
    """External id to content hash (`content_hash`), of all that the account has."""
    wanted = select(confirmed.c.external_id, confirmed.c.content_hash).where(confirmed.c.account == account)
    return {row.external_id: row.content_hash for row in transaction.execute(wanted)}


def content_hash(one: Confirmed) -> str:
    return hashlib.sha256(one.model_dump_json().encode()).hexdigest()


def source(transaction: Transaction, account: str, external_id: str) -> Source | None:
    """What confirmed it, or None where nothing did."""
    wanted = (confirmed.c.account == account) & (confirmed.c.external_id == external_id)
    found: Source | None = transaction.execute(select(confirmed.c.source).where(wanted)).scalar_one_or_none()
    return found


def lessons(transaction: Transaction, account: str, ids: Sequence[str] | None = None) -> list[Lesson]:
    """All of the account's, or those of some external ids, in their order."""
    wanted = select(*_LESSON).where(confirmed.c.account == account)
    if ids is not None:
        wanted = wanted.where(confirmed.c.external_id.in_(ids))
    return [
        Lesson(Confirmed.model_validate_json(content), redacted_json.load(redacted), *said)
        for content, redacted, *said in transaction.execute(wanted.order_by(confirmed.c.external_id))
    ]


def of_replies(transaction: Transaction, account: str) -> list[tuple[str, str]]:
    """External id and queue of those that nothing but a reply confirms, the oldest first."""
    wanted = select(confirmed.c.external_id, confirmed.c.queue)
    wanted = wanted.where(confirmed.c.account == account, confirmed.c.source == "reply")
    rows = transaction.execute(wanted.order_by(confirmed.c.confirmed_at, confirmed.c.external_id))
    return [(external_id, queue) for external_id, queue in rows]


def count(transaction: Transaction, account: str) -> int:
    return transaction.execute(select(func.count()).where(confirmed.c.account == account)).scalar_one()


def queues(transaction: Transaction, account: str) -> dict[str, float]:
    """How many there are of each queue."""
    counted = select(confirmed.c.queue, func.count()).where(confirmed.c.account == account)
    return {queue: float(count) for queue, count in transaction.execute(counted.group_by(confirmed.c.queue))}


def _row(transaction: Transaction, account: str, lesson: Lesson, at: datetime) -> dict[str, Any]:
    content = lesson.confirmed.model_dump_json()
    return {
        "account": account,
        "external_id": lesson.id,
        "content": content,
        "content_hash": hashlib.sha256(content.encode()).hexdigest(),
        "redacted": redacted_json.dump(lesson.redacted),
        "queue": lesson.confirmed.queue,
        "language": lesson.confirmed.language,
        "source": lesson.source,
        "confirmed_by": lesson.by,
        "confirmed_at": at,
        "comment": lesson.comment,
        "sender": kept_address(transaction, address_of(lesson.confirmed.message)),
        "reduced_at": None,
        "flags_told": lesson.flags_told,
    }
