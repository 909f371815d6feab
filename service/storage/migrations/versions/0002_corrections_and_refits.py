"""Corrections one by one, refits in the background, and the exams by which versions are compared."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)


def name(length: int) -> sa.String:
    """Sorted character by character, whatever the locale of a PostgreSQL database."""
    return sa.String(length).with_variant(sa.String(length, "C"), "postgresql")


def upgrade() -> None:
    op.add_column("learned", sa.Column("exam", sa.Text()))
    _corrections()
    op.create_table(
        "refits",
        sa.Column("account", name(64), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("changed_at", MOMENT),
        sa.Column("wanted_by", sa.Text()),
        sa.Column("held_by", sa.Text()),
        sa.Column("held_at", MOMENT),
        sa.Column("leased_by", sa.Text()),
        sa.Column("leased_until", MOMENT),
        sa.Column("tried_at", MOMENT),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_refits_account"),
        sa.PrimaryKeyConstraint("account", name="pk_refits"),
    )


def _corrections() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", name(36), nullable=False),
        sa.Column("account", name(64), nullable=False),
        sa.Column("message_id", name(36), nullable=False),
        sa.Column("queue", name(64), nullable=False),
        sa.Column("before", name(64)),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("state", name(16), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("objections", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", MOMENT),
        sa.Column("decision_comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_corrections_account"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_corrections_message_id"),
        sa.PrimaryKeyConstraint("id", name="pk_corrections"),
    )
    op.create_index("ix_corrections_message_id_id", "corrections", ["message_id", "id"])
    op.create_index("ix_corrections_account_state_id", "corrections", ["account", "state", "id"])
