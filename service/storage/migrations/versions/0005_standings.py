"""How a model's word stood to the local voters when a message was triaged."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def name(length: int) -> sa.String:
    """Sorted character by character, whatever the locale of a PostgreSQL database."""
    return sa.String(length).with_variant(sa.String(length, "C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "standings",
        sa.Column("message_id", name(36), nullable=False),
        sa.Column("account", name(64), nullable=False),
        sa.Column("model", name(200), nullable=False),
        sa.Column("standing", name(32), nullable=False),
        sa.Column("queue", name(64), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_standings_message_id"),
        sa.PrimaryKeyConstraint("message_id", name="pk_standings"),
    )
    op.create_index("ix_standings_account", "standings", ["account"])
