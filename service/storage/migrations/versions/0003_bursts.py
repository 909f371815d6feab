"""Messages that belong together: which case a message joined, and the file numbers that it names, as hashes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def name(length: int) -> sa.String:
    """Sorted character by character, whatever the locale of a PostgreSQL database."""
    return sa.String(length).with_variant(sa.String(length, "C"), "postgresql")


def upgrade() -> None:
    op.add_column("cases", sa.Column("joined_to", name(36)))
    op.add_column("cases", sa.Column("joins_until", sa.DateTime(timezone=True)))
    op.create_index("ix_cases_joined_to", "cases", ["joined_to"])
    op.create_index("ix_messages_account_sender_received_at", "messages", ["account", "sender", "received_at"])
    op.create_table(
        "traces",
        sa.Column("account", name(64), nullable=False),
        sa.Column("trace", name(32), nullable=False),
        sa.Column("message_id", name(36), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_traces_message_id"),
        sa.PrimaryKeyConstraint("account", "trace", "message_id", name="pk_traces"),
    )
    op.create_index("ix_traces_message_id", "traces", ["message_id"])
