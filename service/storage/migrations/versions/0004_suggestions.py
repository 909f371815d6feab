"""What the history suggests about the playbook, and what people said to it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

MOMENT = sa.DateTime(timezone=True)


def name(length: int) -> sa.String:
    """Sorted character by character, whatever the locale of a PostgreSQL database."""
    return sa.String(length).with_variant(sa.String(length, "C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "suggestions",
        sa.Column("account", name(64), nullable=False),
        sa.Column("id", name(64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("state", name(16), nullable=False),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", MOMENT),
        sa.Column("base_version", name(80)),
        sa.Column("playbook_version", name(80)),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_suggestions_account"),
        sa.PrimaryKeyConstraint("account", "id", name="pk_suggestions"),
    )
