"""Webhooks, and the outbox of what they are told."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def name(length: int) -> sa.String:
    """Sorted character by character, whatever the locale of a PostgreSQL database."""
    return sa.String(length).with_variant(sa.String(length, "C"), "postgresql")


def moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def upgrade() -> None:
    _webhooks()
    _deliveries()


def _webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", name(36), nullable=False),
        sa.Column("account", name(64), nullable=False),
        *(sa.Column(each, sa.Text, nullable=False) for each in ("url", "secret", "events")),
        sa.Column("thin", sa.Boolean, nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("disabled_at", moment()),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("failing_since", moment()),
        sa.Column("resting_until", moment()),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_webhooks_account_accounts"),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
    )
    op.create_index("ix_webhooks_account", "webhooks", ["account"])


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", name(36), nullable=False),
        sa.Column("webhook_id", name(36), nullable=False),
        sa.Column("account", name(64), nullable=False),
        sa.Column("message_id", name(36), nullable=False),
        sa.Column("kind", name(32), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("state", name(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("error", sa.Text, nullable=False),
        *(sa.Column(each, moment(), nullable=False) for each in ("created_at", "queued_at", "due_at")),
        sa.Column("leased_by", sa.Text),
        sa.Column("leased_until", moment()),
        sa.Column("sent_at", moment()),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhooks.id"], name="fk_deliveries_webhook_id_webhooks"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_deliveries_account_accounts"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_deliveries_message_id_messages"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
    )
    op.create_index("ix_deliveries_webhook_id_state_id", "deliveries", ["webhook_id", "state", "id"])
    op.create_index("ix_deliveries_message_id", "deliveries", ["message_id"])
