"""Playbooks that are being edited, their trials, and why a version was put in force."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

MOMENT = sa.DateTime(timezone=True)


def name(length: int) -> sa.String:
    """Sorted character by character, whatever the locale of a PostgreSQL database."""
    return sa.String(length).with_variant(sa.String(length, "C"), "postgresql")


def upgrade() -> None:
    _editions()
    _trials()
    op.add_column("playbooks", sa.Column("why", sa.Text()))
    op.add_column("playbooks", sa.Column("trial", name(36)))


def _editions() -> None:
    op.create_table(
        "editions",
        sa.Column("id", name(36), nullable=False),
        sa.Column("account", name(64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("base", name(80), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("state", name(16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.Column("published", name(80)),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_editions_account_accounts"),
        sa.PrimaryKeyConstraint("id", name="pk_editions"),
    )
    op.create_index("ix_editions_account_state_updated_at", "editions", ["account", "state", "updated_at"])


def _trials() -> None:
    op.create_table(
        "trials",
        sa.Column("id", name(36), nullable=False),
        sa.Column("account", name(64), nullable=False),
        sa.Column("version", name(80), nullable=False),
        sa.Column("against", name(80), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("edition", name(36)),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("state", name(16), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("begun_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("leased_by", sa.Text()),
        sa.Column("leased_until", MOMENT),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("ground", name(64), nullable=False),
        *(sa.Column(each, sa.Text()) for each in ("before", "after", "proof")),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_trials_account_accounts"),
        sa.PrimaryKeyConstraint("id", name="pk_trials"),
    )
    op.create_index("ix_trials_account_version_id", "trials", ["account", "version", "id"])
    op.create_index("ix_trials_state_id", "trials", ["state", "id"])
