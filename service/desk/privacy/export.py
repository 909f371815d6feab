"""Everything that is held about a person, in a shape that he can read, and without what is about others."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from service.domain.privacy import Export
from service.phrases import Phrases
from service.storage import privacy_find
from service.storage.database import Transaction

ADVISOR = "advisor"
"""Who works for the company is named by the role."""
STAFF = frozenset(
    {"by", "actor", "sent_by", "corrected_by", "claimed_by", "decided_by", "confirmed_by", "booked_by", "noted_by"}
    | {"flagged_by"}
)
TECHNICAL = frozenset(
    {"leased_by", "leased_until", "body_hash", "content_hash", "request_key", "request_hash", "words"}
)
WRITTEN_AS_JSON = frozenset({"content"})
ORDER = ("messages", "triages", "cases", "replies", "drafts", "corrections", "confirmed", "events")
"""What a person asks for first; tables that are not named here follow."""
UNNAMED = "other"


def export_of(
    transaction: Transaction, sought: privacy_find.Sought, phrases: Mapping[str, Phrases], now: datetime
) -> Export:
    found = privacy_find.held(transaction, sought)
    rows: dict[str, list[dict[str, Any]]] = {}
    for table, row in privacy_find.dumped(transaction, found):
        rows.setdefault(table, []).append(_readable(table, row))
    names = sorted(rows, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))
    return Export(
        sender=sought.sender,
        made_at=now,
        languages=tuple(phrases),
        introduction={language: said("privacy.introduction") for language, said in phrases.items()},
        parts=tuple(_part(name, rows[name], phrases) for name in names),
        mentioned=len(privacy_find.mentions(transaction, sought.sender, found, sought.account)),
    )


def _part(name: str, rows: Sequence[dict[str, Any]], phrases: Mapping[str, Phrases]) -> dict[str, Any]:
    told = {}
    for what in ("title", "purpose"):
        key = dict.fromkeys(phrases, f"privacy.{what}.{name}")
        told[what] = {
            language: said(key[language] if key[language] in said else f"privacy.{what}.{UNNAMED}", table=name)
            for language, said in phrases.items()
        }
    return {"name": name, **told, "rows": list(rows)}


def _readable(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, value in row.items():
        if name in TECHNICAL or value is None:
            continue
        if name in WRITTEN_AS_JSON and isinstance(value, str):
            value = json.loads(value)  # noqa: PLW2901 - the same value, readable
        shown[name] = value.isoformat() if isinstance(value, datetime) else value
    return shown if table == "messages" else dict(_without_others(shown))


def _without_others(value: Any) -> Any:
    """Staff by their role; words of other customers' messages, which serve as evidence, left out."""
    if isinstance(value, list):
        return [_without_others(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("kind") == "example" and "ref" in value:
        return {**value, "text": "", "ref": ""}
    kept = {name: [] if name == "refs" else _without_others(one) for name, one in value.items()}
    return kept | {name: ADVISOR for name in STAFF & kept.keys() if kept[name]}
