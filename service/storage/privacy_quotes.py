"""What is left of a lesson elsewhere once it is gone: evidence of other messages, objections, suggestions."""

import json
import re
from collections.abc import Set
from typing import Any

from sqlalchemy import delete, select, update

from service.storage.database import Transaction
from service.storage.schema import corrections, messages, suggestions, triages

READ = 500
_REF = re.compile(r'"ref":"((?:[^"\\]|\\.)*)"')


def scrub_triages(transaction: Transaction, account: str, ids: Set[str], after: str) -> tuple[int, str | None]:
    """Takes the lessons' words out of the next triages after that id. How many quoted one, and where to go on; None
    once there are no more."""
    wanted = select(triages.c.id, triages.c.content).join(messages).where(messages.c.account == account)
    rows = transaction.execute(wanted.where(triages.c.id > after).order_by(triages.c.id).limit(READ)).all()
    changed = 0
    for id_, content in rows:
        if any(json.loads(f'"{ref}"') in ids for ref in _REF.findall(content)):
            cleared = json.dumps(_cleared(json.loads(content), ids), ensure_ascii=False, separators=(",", ":"))
            transaction.execute(update(triages).where(triages.c.id == id_).values(content=cleared))
            changed += 1
    return changed, rows[-1][0] if len(rows) == READ else None


def scrub_corrections(transaction: Transaction, account: str, ids: Set[str]) -> int:
    """Objections stay, without the names of what spoke for them."""
    rows = transaction.execute(select(corrections.c.id, corrections.c.objections).where(_of(account))).all()
    named = [(id_, said) for id_, said in rows if any(ids & set(one["refs"]) for one in said)]
    for id_, said in named:
        left = [one | {"refs": [ref for ref in one["refs"] if ref not in ids]} for one in said]
        transaction.execute(update(corrections).where(corrections.c.id == id_).values(objections=left))
    return len(named)


def scrub_suggestions(transaction: Transaction, account: str, ids: Set[str]) -> int:
    """A suggestion about a lesson's label goes with it; others stay without its name."""
    wanted = select(suggestions.c.id, suggestions.c.content).where(suggestions.c.account == account)
    changed = 0
    for id_, content in transaction.execute(wanted).all():
        said = json.loads(content)
        mine = (suggestions.c.account == account) & (suggestions.c.id == id_)
        if said["kind"] == "label" and ids & set(said["messages"]):
            transaction.execute(delete(suggestions).where(mine))
        elif (left := _without(said, ids)) != said:
            transaction.execute(update(suggestions).where(mine).values(content=json.dumps(left, ensure_ascii=False)))
        else:
            continue
        changed += 1
    return changed


def _of(account: str) -> Any:
    return corrections.c.account == account


def _cleared(value: Any, ids: Set[str]) -> Any:
    """Evidence keeps its voter and its queue, and loses whose words spoke for them."""
    if isinstance(value, list):
        return [_cleared(one, ids) for one in value]
    if not isinstance(value, dict):
        return value
    gone = value.get("ref") in ids and "text" in value
    return {name: _cleared(one, ids) for name, one in value.items()} | ({"text": "", "ref": ""} if gone else {})


def _without(value: Any, ids: Set[str]) -> Any:
    if isinstance(value, list):
        return [_without(one, ids) for one in value if not (isinstance(one, str) and one in ids)]
    if isinstance(value, dict):
        return {name: _without(one, ids) for name, one in value.items()}
    return value
