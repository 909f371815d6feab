"""Versions of drafts: number 0 is read from the triage, the others are rows."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from service.domain.draft import Draft
from service.domain.triage import Triage, Usage
from service.domain.version import DraftVersion
from service.storage import ready, triages
from service.storage.database import Transaction
from service.storage.insert import add_row
from service.storage.schema import drafts


@dataclass(frozen=True, slots=True)
class Asked:
    """What a version was made for: the caller's own name of the request, "" for none, and a hash of all it said."""

    key: str
    hash: str


def versions(transaction: Transaction, message_id: str) -> list[DraftVersion]:
    """Oldest first."""
    wanted = select(drafts).where(drafts.c.message_id == message_id).order_by(drafts.c.number)
    made = [_version(row) for row in transaction.execute(wanted).mappings()]
    known = [*_of_triage(triages.latest(transaction, message_id)), *made]
    handed = ready.find(transaction, message_id)
    if handed is None:
        return known
    told = {"ready_at": handed.at, "ready_by": handed.by}
    return [one.model_copy(update=told) if one.number == handed.number else one for one in known]


def answered(transaction: Transaction, message_id: str, asked: Asked) -> tuple[DraftVersion, bool] | None:
    """The version that this request made before, and whether the request was the same then."""
    same = drafts.c.request_key == asked.key if asked.key else drafts.c.request_hash == asked.hash
    wanted = select(drafts).where(drafts.c.message_id == message_id, same).order_by(drafts.c.number.desc()).limit(1)
    row = transaction.execute(wanted).mappings().one_or_none()
    return (_version(row), row["request_hash"] == asked.hash) if row else None


def add(transaction: Transaction, message_id: str, version: DraftVersion, asked: Asked) -> bool:
    """False where there is a version of that number already."""
    said = version.model_dump(exclude={"draft", "usage", "locked", "ready_at", "ready_by"})
    return add_row(
        transaction,
        drafts,
        said
        | {"message_id": message_id, "content": version.draft.model_dump_json(), "locked": list(version.locked)}
        | {"usage": version.usage.model_dump(mode="json"), "request_key": asked.key, "request_hash": asked.hash},
    )


def remove(transaction: Transaction, message_id: str, number: int) -> None:
    """Forgets a version that nothing rests on."""
    transaction.execute(delete(drafts).where(drafts.c.message_id == message_id, drafts.c.number == number))


def _of_triage(triage: Triage | None) -> list[DraftVersion]:
    if triage is None or triage.draft is None:
        return []
    made: dict[str, Any] = {"at": triage.created_at, "engine": triage.engine, "usage": triage.usage}
    return [DraftVersion(number=0, base=0, origin="triage", draft=triage.draft, **made)]


def _version(row: Any) -> DraftVersion:
    names = ("number", "base", "origin", "wish", "by", "at", "engine", "locked")
    draft, usage = Draft.model_validate_json(row["content"]), Usage.model_validate(row["usage"])
    return DraftVersion(**{name: row[name] for name in names}, usage=usage, draft=draft)
