"""Words that messages are found by, calls that are booked, drafts that are handed over."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0010"
down_revision = "0009"

FTS5 = (
    # ascii: parts words at blanks and nowhere inside, so that both databases have the same words
    "CREATE VIRTUAL TABLE findable_words USING fts5"
    "(words, content='findable', content_rowid='id', tokenize='ascii', prefix='3 5')",
    "CREATE TRIGGER findable_added AFTER INSERT ON findable BEGIN "
    "INSERT INTO findable_words(rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER findable_removed AFTER DELETE ON findable BEGIN "
    "INSERT INTO findable_words(findable_words, rowid, words) VALUES ('delete', old.id, old.words); END",
    "CREATE TRIGGER findable_changed AFTER UPDATE OF words ON findable BEGIN "
    "INSERT INTO findable_words(findable_words, rowid, words) VALUES ('delete', old.id, old.words); "
    "INSERT INTO findable_words(rowid, words) VALUES (new.id, new.words); END",
)
TO_INDEX_SQLITE = (
    "CREATE TRIGGER {table}_to_index AFTER INSERT ON {table} BEGIN "
    "INSERT INTO unindexed(message_id, cause) VALUES (new.{column}, new.id) "
    "ON CONFLICT (message_id) DO UPDATE SET cause = excluded.cause; END"
)
TO_INDEX_POSTGRESQL = (
    "CREATE FUNCTION {table}_to_index() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "INSERT INTO unindexed(message_id, cause) VALUES (NEW.{column}, NEW.id) "
    "ON CONFLICT (message_id) DO UPDATE SET cause = excluded.cause; RETURN NULL; END $$",
    "CREATE TRIGGER {table}_to_index AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_to_index()",
)
CAUSES = {"messages": "id", "replies": "message_id"}


def name(length: int) -> sa.String:
    """Sorted character by character, whatever the locale of a PostgreSQL database."""
    return sa.String(length).with_variant(sa.String(length, "C"), "postgresql")


def moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def upgrade() -> None:
    _findable()
    _flagged()
    _calls()
    _ready_drafts()


def _findable() -> None:
    op.create_table(
        "findable",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("message_id", name(36), nullable=False),
        sa.Column("words", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_findable_message_id_messages"),
        sa.PrimaryKeyConstraint("id", name="pk_findable"),
        sa.UniqueConstraint("message_id", name="uq_findable_message_id"),
    )
    op.create_table(
        "unindexed",
        sa.Column("message_id", name(36), nullable=False),
        sa.Column("cause", name(36), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_unindexed_message_id_messages"),
        sa.PrimaryKeyConstraint("message_id", name="pk_unindexed"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_findable_words", "findable", ["words"], postgresql_using="gin")
        made = [one.format(table=table, column=id_) for table, id_ in CAUSES.items() for one in TO_INDEX_POSTGRESQL]
    else:
        made = [*FTS5, *(TO_INDEX_SQLITE.format(table=table, column=id_) for table, id_ in CAUSES.items())]
    for statement in made:
        op.execute(statement)
    op.execute("INSERT INTO unindexed(message_id, cause) SELECT id, 'before' FROM messages")


def _flagged() -> None:
    op.create_table(
        "flagged",
        sa.Column("message_id", name(36), nullable=False),
        sa.Column("flag", name(64), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_flagged_message_id_messages"),
        sa.PrimaryKeyConstraint("message_id", "flag", name="pk_flagged"),
    )
    op.create_index("ix_flagged_flag_message_id", "flagged", ["flag", "message_id"])


def _calls() -> None:
    op.create_table(
        "calls",
        sa.Column("id", name(36), nullable=False),
        sa.Column("message_id", name(36), nullable=False),
        sa.Column("account", name(64), nullable=False),
        sa.Column("starts_at", moment(), nullable=False),
        sa.Column("ends_at", moment(), nullable=False),
        sa.Column("state", name(16), nullable=False),
        sa.Column("booked_by", sa.Text, nullable=False),
        sa.Column("booked_at", moment(), nullable=False),
        sa.Column("noted_by", sa.Text),
        sa.Column("noted_at", moment()),
        sa.Column("note", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_calls_message_id_messages"),
        sa.PrimaryKeyConstraint("id", name="pk_calls"),
    )
    op.create_index("ix_calls_message_id", "calls", ["message_id"])
    op.create_index("ix_calls_state_starts_at", "calls", ["state", "starts_at"])


def _ready_drafts() -> None:
    op.create_table(
        "ready_drafts",
        sa.Column("message_id", name(36), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_ready_drafts_message_id_messages"),
        sa.PrimaryKeyConstraint("message_id", name="pk_ready_drafts"),
    )
