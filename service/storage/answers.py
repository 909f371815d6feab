"""Canned answers: the truth that the index is made from."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from service.domain.answers import CannedAnswer
from service.storage import accounts
from service.storage.database import Transaction
from service.storage.insert import put_rows
from service.storage.schema import answers


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids of what an import did to a library."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.added or self.changed or self.retired)


def replace(transaction: Transaction, account: str, library: Sequence[CannedAnswer], by: str, at: datetime) -> Changes:
    """Makes the account's library these answers; the others are retired. Unchanged ones keep their revision."""
    accounts.lock(transaction, account)
    known = _known(transaction, account)
    live = {id_ for id_, row in known.items() if row.retired_at is None}
    contents = {answer.id: answer.model_dump_json() for answer in library}
    added = tuple(id_ for id_ in contents if id_ not in live)
    changed = tuple(id_ for id_ in contents if id_ in live and known[id_].content_hash != _hash(contents[id_]))
    retired = tuple(sorted(live - set(contents)))
    same = {"account": account, "updated_at": at, "updated_by": by, "retired_at": None}
    put_rows(
        transaction,
        answers,
        [
            same
            | {"id": id_, "content": contents[id_], "content_hash": _hash(contents[id_])}
            | {"revision": known[id_].revision + 1 if id_ in known else 1}
            for id_ in added + changed
        ],
    )
    gone = (answers.c.account == account) & answers.c.id.in_(retired)
    transaction.execute(update(answers).where(gone).values(retired_at=at, updated_by=by))
    return Changes(added, changed, retired)


def library(transaction: Transaction, account: str) -> list[CannedAnswer]:
    """The account's answers in force, in order of id."""
    wanted = select(answers.c.content).where(answers.c.account == account, answers.c.retired_at.is_(None))
    return [
        CannedAnswer.model_validate_json(row) for row in transaction.execute(wanted.order_by(answers.c.id)).scalars()
    ]


def count(transaction: Transaction, account: str) -> int:
    wanted = select(func.count()).where(answers.c.account == account, answers.c.retired_at.is_(None))
    return transaction.execute(wanted).scalar_one()


def _known(transaction: Transaction, account: str) -> dict[str, Any]:
    columns = (answers.c.id, answers.c.content_hash, answers.c.revision, answers.c.retired_at)
    return {row.id: row for row in transaction.execute(select(*columns).where(answers.c.account == account))}


def _hash(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
