"""Teams: levels, sites, languages, opening hours; messages raised to another level; figures by day."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

TO_DO = sa.text("state = 'open' AND replied_at IS NULL")
COUNTED = (
    "message_received",
    "message_triaged",
    "queue_corrected",
    "queue_confirmed",
    "correction_undone",
    "case_claimed",
    "reply_recorded",
    "draft_made",
)


def name(length: int) -> sa.String:
    """Sorted character by character, whatever the locale of a PostgreSQL database."""
    return sa.String(length).with_variant(sa.String(length, "C"), "postgresql")


def moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def upgrade() -> None:
    _teams()
    _escalations()
    _desk()
    _figures()


def _teams() -> None:
    op.create_table(
        "teams",
        sa.Column("id", name(36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("login", name(200), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("accounts", sa.Text()),
        *(sa.Column(each, sa.Text(), nullable=False) for each in ("levels", "languages", "queues", "hours")),
        sa.Column("timezone", name(64), nullable=False),
        sa.Column("holidays", name(8), nullable=False),
        sa.Column("closed", sa.Text(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("removed_at", moment()),
        sa.PrimaryKeyConstraint("id", name="pk_teams"),
        sa.UniqueConstraint("login", name="uq_teams_login"),
    )
    op.create_table(
        "team_members",
        sa.Column("team_id", name(36), nullable=False),
        sa.Column("person_id", name(36), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_team_members_team_id_teams"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_team_members_person_id_people"),
        sa.PrimaryKeyConstraint("team_id", "person_id", name="pk_team_members"),
    )
    op.create_index("ix_team_members_person_id", "team_members", ["person_id"])


def _escalations() -> None:
    op.create_table(
        "escalations",
        sa.Column("id", name(36), nullable=False),
        sa.Column("message_id", name(36), nullable=False),
        sa.Column("account", name(64), nullable=False),
        *(sa.Column(each, sa.Integer(), nullable=False) for each in ("before", "after")),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_escalations_message_id_messages"),
        sa.PrimaryKeyConstraint("id", name="pk_escalations"),
    )
    op.create_index("ix_escalations_message_id", "escalations", ["message_id"])


def _desk() -> None:
    """What the desk asks by: who can answer it, and what is due first."""
    op.add_column("cases", sa.Column("raised", sa.Integer()))
    reach = ["account", "queue", "language", "raised", "due_at"]
    op.create_index("ix_cases_reach", "cases", reach, sqlite_where=TO_DO, postgresql_where=TO_DO)
    op.create_index("ix_cases_next", "cases", ["due_at", "message_id"], sqlite_where=TO_DO, postgresql_where=TO_DO)


def _figures() -> None:
    """Every event about a message that was is still to be counted."""
    op.create_table(
        "figures",
        sa.Column("account", name(64), nullable=False),
        sa.Column("kind", name(16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", name(32), nullable=False),
        sa.Column("value", name(64), nullable=False),
        sa.Column("amount", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("account", "kind", "day", "name", "value", name="pk_figures"),
    )
    op.create_table(
        "uncounted",
        sa.Column("event_id", name(36), nullable=False),
        sa.Column("subject", name(200), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_uncounted"),
    )
    kinds = ", ".join(f"'{kind}'" for kind in COUNTED)
    op.execute(f"INSERT INTO uncounted SELECT id, subject FROM events WHERE kind IN ({kinds})")  # noqa: S608
