"""What people took up of each other is summed by day, so that half a year of it is read in a moment; so is the audit of
a person or a kind. Who speaks to the browser turns the single keys off."""

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

PARIS = ZoneInfo("Europe/Paris")
AT_ONCE = 5_000
WHERE = {"actor": "actor <> ''", "kind": "kind <> 'message_triaged' AND kind <> 'message_received'"}
"""What the audit is looked through by; a triage adds nothing to these indexes."""
KEY = ("account", "kind", "person_id", "by_id", "day")


def name(length: int) -> sa.String:
    """Sorted character by character, whatever the locale of a PostgreSQL database."""
    return sa.String(length).with_variant(sa.String(length, "C"), "postgresql")


def upgrade() -> None:
    op.add_column("people", sa.Column("keys", sa.Boolean, nullable=False, server_default=sa.true()))
    for column, where in WHERE.items():
        condition = sa.text(where)
        op.create_index(
            f"ix_events_{column}", "events", [column, "id"], sqlite_where=condition, postgresql_where=condition
        )
    days = op.create_table(
        "reuse_days",
        sa.Column("account", name(64), nullable=False),
        sa.Column("kind", name(16), nullable=False),
        sa.Column("person_id", name(36), nullable=False),
        sa.Column("by_id", name(36), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("messages", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_reuse_days_person_id_people"),
        sa.PrimaryKeyConstraint(*KEY, name="pk_reuse_days"),
        sqlite_with_rowid=False,
    )
    counted = [dict(zip(KEY, key, strict=True)) | {"messages": n} for key, n in sorted(_counted().items())]
    for start in range(0, len(counted), AT_ONCE):
        op.bulk_insert(days, counted[start : start + AT_ONCE])


def _counted() -> Counter[tuple[Any, ...]]:
    """A message counts once for each kind, person and whoever took it up, whatever the number of sources."""
    columns = ("message_id", "account", "kind", "person_id", "by_id")
    reuses = sa.table("reuses", *map(sa.column, columns), sa.column("at", sa.DateTime(timezone=True)))
    wanted = sa.select(*reuses.c).distinct()
    found: Counter[tuple[Any, ...]] = Counter()
    for _, account, kind, person_id, by_id, at in op.get_bind().execute(wanted):
        found[(account, kind, person_id, by_id or "", _day(at))] += 1
    return found


def _day(at: datetime) -> date:
    moment = at if at.tzinfo else at.replace(tzinfo=UTC)
    try:
        return moment.astimezone(PARIS).date()
    except OverflowError:
        return moment.date()
