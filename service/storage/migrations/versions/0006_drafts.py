"""Drafts of a message and what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

MOMENT = sa.DateTime(timezone=True)


def name(length: int) -> sa.String:
    """Sorted character by character, whatever the locale of a PostgreSQL database."""
    return sa.String(length).with_variant(sa.String(length, "C"), "postgresql")


def upgrade() -> None:
    _drafts()
    _comparisons()
    _answer_uses()
    _answer_edits()


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("message_id", name(36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("origin", name(16), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("engine", name(16), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("locked", sa.Text(), nullable=False),
        sa.Column("usage", sa.Text(), nullable=False),
        sa.Column("request_key", sa.Text(), nullable=False),
        sa.Column("request_hash", name(64), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_drafts_message_id"),
        sa.PrimaryKeyConstraint("message_id", "number", name="pk_drafts"),
    )


def _comparisons() -> None:
    op.create_table(
        "comparisons",
        sa.Column("reply_id", name(36), nullable=False),
        sa.Column("message_id", name(36), nullable=False),
        sa.Column("account", name(64), nullable=False),
        sa.Column("queue", name(64)),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("verdict", name(16), nullable=False),
        sa.Column("content", sa.Text()),
        sa.Column("redacted", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name="fk_comparisons_reply_id"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_comparisons_message_id"),
        sa.PrimaryKeyConstraint("reply_id", name="pk_comparisons"),
    )
    op.create_index("ix_comparisons_message_id", "comparisons", ["message_id"])
    op.create_index("ix_comparisons_account_sent_at", "comparisons", ["account", "sent_at"])


def _answer_uses() -> None:
    op.create_table(
        "answer_uses",
        sa.Column("message_id", name(36), nullable=False),
        sa.Column("answer", name(64), nullable=False),
        sa.Column("account", name(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("fate", name(16), nullable=False),
        sa.Column("kept", sa.Float(), nullable=False),
        sa.Column("replied_at", MOMENT),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_answer_uses_message_id"),
        sa.PrimaryKeyConstraint("message_id", "answer", name="pk_answer_uses"),
    )
    op.create_index("ix_answer_uses_account_answer", "answer_uses", ["account", "answer"])


def _answer_edits() -> None:
    op.create_table(
        "answer_edits",
        sa.Column("reply_id", name(36), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("message_id", name(36), nullable=False),
        sa.Column("account", name(64), nullable=False),
        sa.Column("answer", name(64), nullable=False),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name="fk_answer_edits_reply_id"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_answer_edits_message_id"),
        sa.PrimaryKeyConstraint("reply_id", "place", name="pk_answer_edits"),
    )
    op.create_index("ix_answer_edits_message_id", "answer_edits", ["message_id"])
    op.create_index("ix_answer_edits_account_answer", "answer_edits", ["account", "answer"])
