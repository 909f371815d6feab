"""Every state of a canned answer, proposals, evaluation runs and audit samples."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

FIRST_STATES = """
    INSERT INTO answer_revisions (account, answer, revision, action, content, at, "by")
    SELECT account, id, revision,
           CASE WHEN retired_at IS NOT NULL THEN 'retired' WHEN revision = 1 THEN 'added' ELSE 'changed' END,
           content, updated_at, updated_by
    FROM answers
"""
"""What is there counts as the first known state of each answer."""


def name(length: int) -> sa.String:
    """Sorted character by character, whatever the locale of a PostgreSQL database."""
    return sa.String(length).with_variant(sa.String(length, "C"), "postgresql")


def moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("suggestions", sa.Column("comment", sa.Text))
    _answer_revisions()
    _answer_proposals()
    _eval_runs()
    _audits()
    _audit_items()
    _audit_labels()


def _answer_revisions() -> None:
    op.create_table(
        "answer_revisions",
        sa.Column("account", name(64), nullable=False),
        sa.Column("answer", name(64), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("action", name(16), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_answer_revisions_account_accounts"),
        sa.PrimaryKeyConstraint("account", "answer", "revision", name="pk_answer_revisions"),
    )
    op.execute(FIRST_STATES)


def _answer_proposals() -> None:
    op.create_table(
        "answer_proposals",
        sa.Column("id", name(36), nullable=False),
        sa.Column("account", name(64), nullable=False),
        sa.Column("message_id", name(36)),
        sa.Column("answer", name(64)),
        sa.Column("base_revision", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("state", name(16), nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", moment()),
        sa.Column("decision_comment", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_answer_proposals_account_accounts"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_answer_proposals_message_id_messages"),
        sa.PrimaryKeyConstraint("id", name="pk_answer_proposals"),
    )
    op.create_index("ix_answer_proposals_account_state_id", "answer_proposals", ["account", "state", "id"])
    op.create_index("ix_answer_proposals_message_id", "answer_proposals", ["message_id"])


def _eval_runs() -> None:
    op.create_table(
        "eval_runs",
        sa.Column("id", name(36), nullable=False),
        sa.Column("account", name(64), nullable=False),
        sa.Column("split", name(16), nullable=False),
        sa.Column("engine", name(16), nullable=False),
        sa.Column("most", sa.Integer),
        sa.Column("state", name(16), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("started_at", moment()),
        sa.Column("ended_at", moment()),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("summary", sa.Text),
        sa.Column("leased_by", sa.Text),
        sa.Column("leased_until", moment()),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_eval_runs_account_accounts"),
        sa.PrimaryKeyConstraint("id", name="pk_eval_runs"),
    )
    op.create_index("ix_eval_runs_account_id", "eval_runs", ["account", "id"])
    op.create_index("ix_eval_runs_state_id", "eval_runs", ["state", "id"])


def _audits() -> None:
    op.create_table(
        "audits",
        sa.Column("id", name(36), nullable=False),
        sa.Column("account", name(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("seed", name(32), nullable=False),
        sa.Column("method", name(16), nullable=False),
        sa.Column("wanted", sa.Integer, nullable=False),
        sa.Column("since", moment()),
        sa.Column("until", moment()),
        sa.Column("strata", sa.Text, nullable=False),
        sa.Column("readers", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("taught_by", sa.Text),
        sa.Column("taught_at", moment()),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_audits_account_accounts"),
        sa.PrimaryKeyConstraint("id", name="pk_audits"),
    )
    op.create_index("ix_audits_account_id", "audits", ["account", "id"])


def _audit_items() -> None:
    op.create_table(
        "audit_items",
        sa.Column("audit_id", name(36), nullable=False),
        sa.Column("message_id", name(36), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("stratum", name(64), nullable=False),
        sa.Column("outcome", name(16), nullable=False),
        sa.Column("queue", name(64)),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name="fk_audit_items_audit_id_audits"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_audit_items_message_id_messages"),
        sa.PrimaryKeyConstraint("audit_id", "message_id", name="pk_audit_items"),
    )
    op.create_index("ix_audit_items_message_id", "audit_items", ["message_id"])


def _audit_labels() -> None:
    op.create_table(
        "audit_labels",
        sa.Column("audit_id", name(36), nullable=False),
        sa.Column("message_id", name(36), nullable=False),
        sa.Column("seat", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("queue", name(64), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name="fk_audit_labels_audit_id_audits"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_audit_labels_message_id_messages"),
        sa.PrimaryKeyConstraint("audit_id", "message_id", "seat", name="pk_audit_labels"),
    )
    op.create_index("ix_audit_labels_message_id", "audit_labels", ["message_id"])
