"""What the newest triages found no canned answer for."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from service.storage.database import Transaction
from service.storage.schema import messages, triages


@dataclass(frozen=True, slots=True)
class Gap:
    """`queue` is the message's, or the ask's; `ask` is "" where the message got no draft at all."""

    message_id: str
    queue: str
    ask: str
    why: str


def looked_at(transaction: Transaction, account: str, limit: int) -> tuple[int, list[Gap]]:
    """How many of the newest messages have a triage, and the gaps of these, newest first."""
    newest = select(messages.c.id).where(messages.c.account == account).order_by(messages.c.id.desc()).limit(limit)
    last = select(func.max(triages.c.id)).where(triages.c.message_id.in_(newest)).group_by(triages.c.message_id)
    wanted = select(triages.c.message_id, triages.c.queue, triages.c.content).where(triages.c.id.in_(last))
    rows = transaction.execute(wanted.order_by(triages.c.message_id.desc())).all()
    return len(rows), [gap for row in rows for gap in _gaps(*row)]


def _gaps(message_id: str, queue: str | None, content: str) -> Iterator[Gap]:
    """Read as plain JSON: four hundred of them a page. An abstained message waits for its queue, and is no gap."""
    said = json.loads(content)
    if queue and said.get("draft") is None:
        yield Gap(message_id, queue, "", said.get("no_draft_reason") or "")
    for ask in said.get("asks") or ():
        if ask.get("uncovered_reason") and said.get("draft") is not None:
            yield Gap(message_id, ask["queue"], ask["text"], ask["uncovered_reason"])
