"""Canned answers: the truth that the index is made from, and every state that they have had."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from service.domain.answers import AnswerRevision, AnswerState, CannedAnswer, RevisionAction
from service.storage import accounts
from service.storage.batches import batches
from service.storage.database import Transaction
from service.storage.insert import put_rows
from service.storage.schema import answer_revisions, answers


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
    more = {"revision": answers.c.revision + 1, "retired_at": at, "updated_at": at, "updated_by": by}
    transaction.execute(update(answers).where(gone).values(more))
    _note(transaction, account, added, "added")
    _note(transaction, account, changed, "changed")
    _note(transaction, account, retired, "retired")
    return Changes(added, changed, retired)


def library(transaction: Transaction, account: str) -> list[CannedAnswer]:
    """The account's answers in force, in order of id."""
    wanted = select(answers.c.content).where(answers.c.account == account, answers.c.retired_at.is_(None))
    return [
        CannedAnswer.model_validate_json(row) for row in transaction.execute(wanted.order_by(answers.c.id)).scalars()
    ]


def hashes(transaction: Transaction, account: str) -> dict[str, str]:
    """The hash of each answer in force, by id and in order of id."""
    wanted = select(answers.c.id, answers.c.content_hash).where(answers.c.account == account)
    found = transaction.execute(wanted.where(answers.c.retired_at.is_(None)).order_by(answers.c.id))
    return {row.id: row.content_hash for row in found}


def some(transaction: Transaction, account: str, ids: Sequence[str]) -> list[CannedAnswer]:
    """Those of these ids that are in force."""
    mine = select(answers.c.content).where(answers.c.account == account, answers.c.retired_at.is_(None))
    found: list[CannedAnswer] = []
    for named in batches(ids):
        rows = transaction.execute(mine.where(answers.c.id.in_(named))).scalars()
        found += [CannedAnswer.model_validate_json(row) for row in rows]
    return found


def states(transaction: Transaction, account: str) -> list[AnswerState]:
    """Every answer that there is or was, in order of id."""
    wanted = select(answers).where(answers.c.account == account).order_by(answers.c.id)
    return [_state(row) for row in transaction.execute(wanted).mappings()]


def state(transaction: Transaction, account: str, answer_id: str) -> AnswerState | None:
    wanted = select(answers).where(answers.c.account == account, answers.c.id == answer_id)
    row = transaction.execute(wanted).mappings().one_or_none()
    return _state(row) if row else None


def revisions(transaction: Transaction, account: str, answer_id: str) -> list[AnswerRevision]:
    """Newest first."""
    mine = (answer_revisions.c.account == account) & (answer_revisions.c.answer == answer_id)
    wanted = select(answer_revisions).where(mine).order_by(answer_revisions.c.revision.desc())
    return [_revision(row) for row in transaction.execute(wanted).mappings()]


def count(transaction: Transaction, account: str) -> int:
    wanted = select(func.count()).where(answers.c.account == account, answers.c.retired_at.is_(None))
    return transaction.execute(wanted).scalar_one()


def _note(transaction: Transaction, account: str, ids: Sequence[str], action: RevisionAction) -> None:
    """The states that answers have just got, as rows that nothing changes any more."""
    columns = ("account", "content", "revision")
    same = [answers.c[name] for name in columns] + [answers.c.updated_at, answers.c.updated_by]
    wanted = select(answers.c.id, *same).where(answers.c.account == account, answers.c.id.in_(ids))
    rows = [
        {name: row[name] for name in columns}
        | {"answer": row["id"], "action": action, "at": row["updated_at"], "by": row["updated_by"]}
        for row in transaction.execute(wanted).mappings()
    ]
    if rows:
        transaction.execute(answer_revisions.insert(), rows)


def _state(row: Any) -> AnswerState:
    said = {name: row[name] for name in ("revision", "updated_at", "updated_by", "retired_at")}
    return AnswerState(answer=CannedAnswer.model_validate_json(row["content"]), **said)


def _revision(row: Any) -> AnswerRevision:
    said = {name: row[name] for name in ("revision", "action", "at", "by")}
    return AnswerRevision(answer=CannedAnswer.model_validate_json(row["content"]), **said)


def _known(transaction: Transaction, account: str) -> dict[str, Any]:
    columns = (answers.c.id, answers.c.content_hash, answers.c.revision, answers.c.retired_at)
    return {row.id: row for row in transaction.execute(select(*columns).where(answers.c.account == account))}


def _hash(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
