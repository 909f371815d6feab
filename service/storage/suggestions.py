"""Suggestions, what was said to them, and the corrections that they are made from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from service.domain.suggestion import Suggestion, SuggestionEntry
from service.domain.votes import Vote
from service.storage import triages
from service.storage.database import Transaction
from service.storage.schema import corrections, messages, suggestions

TAUGHT = ("learned", "accepted")
"""States of a correction that is a lesson."""


def replace_open(transaction: Transaction, account: str, found: Sequence[SuggestionEntry]) -> None:
    """These stand instead of those that nobody has decided yet; what was decided is not asked again."""
    transaction.execute(delete(suggestions).where(_of(account), suggestions.c.state == "open"))
    decided = set(transaction.execute(select(suggestions.c.id).where(_of(account))).scalars())
    rows = [_row(place, one) for place, one in enumerate(found) if one.suggestion.id not in decided]
    if rows:
        transaction.execute(suggestions.insert(), rows)


def entries(transaction: Transaction, account: str) -> list[SuggestionEntry]:
    """The best first."""
    wanted = select(suggestions).where(_of(account)).order_by(suggestions.c.place, suggestions.c.id)
    return [_entry(row) for row in transaction.execute(wanted).mappings()]


def find(transaction: Transaction, account: str, suggestion_id: str) -> SuggestionEntry | None:
    wanted = select(suggestions).where(_of(account), suggestions.c.id == suggestion_id)
    row = transaction.execute(wanted).mappings().one_or_none()
    return _entry(row) if row else None


def decide(transaction: Transaction, account: str, suggestion_id: str, **said: Any) -> None:
    """`state`, `decided_by`, `decided_at`, and the playbook versions where it made one."""
    transaction.execute(update(suggestions).where(_of(account), suggestions.c.id == suggestion_id).values(said))


def grown_from(transaction: Transaction, account: str, base: str) -> str | None:
    """The newest version that accepted suggestions made while `base` was in force."""
    mine = (suggestions.c.base_version == base) & suggestions.c.playbook_version.is_not(None)
    wanted = select(suggestions.c.playbook_version).where(_of(account), mine)
    found: str | None = transaction.execute(wanted.order_by(suggestions.c.decided_at.desc()).limit(1)).scalar()
    return found


def corrected(transaction: Transaction, account: str, since: datetime) -> dict[str, tuple[Vote, ...]]:
    """The votes of messages that were corrected since and are learned from, as they were at triage, by the id that
    the message has among confirmed ones."""
    wanted = (
        select(messages.c.id, messages.c.external_id)
        .join(corrections, corrections.c.message_id == messages.c.id)
        .where(corrections.c.account == account, corrections.c.current, corrections.c.at >= since)
        .where(corrections.c.state.in_(TAUGHT))
    )
    found = {}
    for message_id, external_id in transaction.execute(wanted).all():
        triage = triages.latest(transaction, message_id)
        found[external_id or message_id] = triage.votes if triage else ()
    return found


def _of(account: str) -> Any:
    return suggestions.c.account == account


def _row(place: int, entry: SuggestionEntry) -> dict[str, Any]:
    suggestion = entry.suggestion
    said = entry.model_dump(exclude={"suggestion"})
    return said | {"id": suggestion.id, "place": place, "content": suggestion.model_dump_json()}


def _entry(row: Any) -> SuggestionEntry:
    said = {name: value for name, value in row.items() if name not in {"id", "place", "content"}}
    return SuggestionEntry(suggestion=Suggestion.model_validate_json(row["content"]), **said)
