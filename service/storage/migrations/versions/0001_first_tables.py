"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)
ACTIVE = sa.text("active")

APPEND_ONLY_SQLITE = """
CREATE TRIGGER events_refuse_{verb} BEFORE {verb} ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END
"""
APPEND_ONLY_POSTGRESQL = """
CREATE FUNCTION events_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER events_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON events
FOR EACH STATEMENT EXECUTE FUNCTION events_refuse()
"""


def name(length: int) -> sa.String:
    """Sorted character by character, whatever the locale of a PostgreSQL database."""
    return sa.String(length).with_variant(sa.String(length, "C"), "postgresql")


def upgrade() -> None:
    _knowledge()
    _examples()
    _passages()
    _messages()
    _triages()
    _cases()
    _events()
    _access()
    _append_only()


def _knowledge() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", name(64), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
    )
    op.create_table(
        "playbooks",
        sa.Column("account", name(64), nullable=False),
        sa.Column("version", name(80), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("imported_at", MOMENT, nullable=False),
        sa.Column("imported_by", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_playbooks_account"),
        sa.PrimaryKeyConstraint("account", "version", name="pk_playbooks"),
    )
    op.create_index(
        "uq_playbooks_one_active", "playbooks", ["account"], unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE
    )
    op.create_table(
        "answers",
        sa.Column("account", name(64), nullable=False),
        sa.Column("id", name(64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", name(64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.Column("retired_at", MOMENT),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_answers_account"),
        sa.PrimaryKeyConstraint("account", "id", name="pk_answers"),
    )


def _examples() -> None:
    op.create_table(
        "confirmed",
        sa.Column("account", name(64), nullable=False),
        sa.Column("external_id", name(200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", name(64), nullable=False),
        sa.Column("redacted", sa.Text(), nullable=False),
        sa.Column("queue", name(64), nullable=False),
        sa.Column("language", name(2), nullable=False),
        sa.Column("source", name(16), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_confirmed_account"),
        sa.PrimaryKeyConstraint("account", "external_id", name="pk_confirmed"),
    )
    op.create_index("ix_confirmed_account_queue", "confirmed", ["account", "queue"])
    op.create_index("ix_confirmed_sender", "confirmed", ["sender"])
    op.create_table(
        "learned",
        sa.Column("account", name(64), nullable=False),
        sa.Column("version", name(80), nullable=False),
        sa.Column("bundle", sa.LargeBinary(), nullable=False),
        sa.Column("metrics", sa.Text(), nullable=False),
        sa.Column("playbook_version", name(80), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_learned_account"),
        sa.PrimaryKeyConstraint("account", "version", name="pk_learned"),
    )
    op.create_index(
        "uq_learned_one_active", "learned", ["account"], unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE
    )


def _passages() -> None:
    op.create_table(
        "collections",
        sa.Column("collection", name(200), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("collection", name="pk_collections"),
    )
    op.create_table(
        "passages",
        sa.Column("collection", name(200), nullable=False),
        sa.Column("id", name(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("metadata", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["collection"], ["collections.collection"], name="fk_passages_collection"),
        sa.PrimaryKeyConstraint("collection", "id", name="pk_passages"),
    )
    op.create_table(
        "passage_vectors",
        sa.Column("collection", name(200), nullable=False),
        sa.Column("id", name(200), nullable=False),
        sa.Column("embedder", name(200), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection", "id"],
            ["passages.collection", "passages.id"],
            name="fk_passage_vectors_collection_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("collection", "id", "embedder", name="pk_passage_vectors"),
    )


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", name(36), nullable=False),
        sa.Column("account", name(64), nullable=False),
        sa.Column("external_id", name(200)),
        sa.Column("body_hash", name(64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("channel", name(16), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("arrived_at", MOMENT, nullable=False),
        sa.Column("state", name(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("leased_by", sa.Text()),
        sa.Column("leased_until", MOMENT),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_messages_account"),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("account", "external_id", name="uq_messages_account_external_id"),
    )
    op.create_index("ix_messages_account_id", "messages", ["account", "id"])
    op.create_index("ix_messages_account_received_at", "messages", ["account", "received_at"])
    op.create_index("ix_messages_sender", "messages", ["sender"])
    op.create_index("ix_messages_state_id", "messages", ["state", "id"])


def _triages() -> None:
    op.create_table(
        "triages",
        sa.Column("id", name(36), nullable=False),
        sa.Column("message_id", name(36), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("outcome", name(16), nullable=False),
        sa.Column("queue", name(64)),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("playbook_version", name(80), nullable=False),
        sa.Column("engine", name(16), nullable=False),
        sa.Column("degraded", sa.Boolean(), nullable=False),
        sa.Column("duration_ms", sa.Float(), nullable=False),
        sa.Column("cost_usd", sa.Float()),
        sa.Column("prompt_tokens", sa.Integer(), nullable=False),
        sa.Column("cached_tokens", sa.Integer(), nullable=False),
        sa.Column("completion_tokens", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_triages_message_id"),
        sa.PrimaryKeyConstraint("id", name="pk_triages"),
    )
    op.create_index("ix_triages_created_at", "triages", ["created_at"])
    op.create_index("ix_triages_message_id_id", "triages", ["message_id", "id"])
    op.create_table(
        "replies",
        sa.Column("id", name(36), nullable=False),
        sa.Column("message_id", name(36), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_replies_message_id"),
        sa.PrimaryKeyConstraint("id", name="pk_replies"),
    )
    op.create_index("ix_replies_message_id", "replies", ["message_id"])


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("message_id", name(36), nullable=False),
        sa.Column("account", name(64), nullable=False),
        sa.Column("outcome", name(16), nullable=False),
        sa.Column("queue", name(64)),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("state", name(16), nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("corrected_by", sa.Text()),
        sa.Column("corrected_at", MOMENT),
        sa.Column("claimed_by", sa.Text()),
        sa.Column("claimed_at", MOMENT),
        sa.Column("replied_at", MOMENT),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_cases_account"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_cases_message_id"),
        sa.PrimaryKeyConstraint("message_id", name="pk_cases"),
    )
    op.create_index("ix_cases_account_outcome_message_id", "cases", ["account", "outcome", "message_id"])
    op.create_index("ix_cases_account_queue_message_id", "cases", ["account", "queue", "message_id"])


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("id", name(36), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("account", name(64)),
        sa.Column("kind", name(64), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("subject", name(200), nullable=False),
        sa.Column("before", sa.Text()),
        sa.Column("after", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
    )
    op.create_index("ix_events_account_id", "events", ["account", "id"])
    op.create_index("ix_events_subject_id", "events", ["subject", "id"])


def _access() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", name(36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", name(16), nullable=False),
        sa.Column("hash", name(64), nullable=False),
        sa.Column("scope", name(16), nullable=False),
        sa.Column("account", name(64)),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.Column("last_used_at", MOMENT),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_api_keys_account"),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.UniqueConstraint("prefix", name="uq_api_keys_prefix"),
    )
    op.create_table(
        "spend",
        sa.Column("account", name(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("cost_usd", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("account", "day", name="pk_spend"),
    )


def _append_only() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(APPEND_ONLY_POSTGRESQL)
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(APPEND_ONLY_SQLITE.format(verb=verb))
