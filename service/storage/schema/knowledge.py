"""What an account knows: playbooks, canned answers, confirmed messages, passages and learned bundles."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    false,
    text,
)

from service.storage.schema.columns import METADATA, Json, Moment, Name, Words
from service.storage.schema.sealed import SealedJson, SealedWords


def _account(primary_key: bool = False) -> Column[str]:
    return Column("account", Name(64), ForeignKey("accounts.id"), primary_key=primary_key, nullable=False)


accounts = Table(
    "accounts",
    METADATA,
    Column("id", Name(64), primary_key=True),
    Column("label", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
)

playbooks = Table(
    "playbooks",
    METADATA,
    _account(primary_key=True),
    Column("version", Name(80), primary_key=True),
    Column("files", Json, nullable=False),
    Column("imported_at", Moment, nullable=False),
    Column("imported_by", Words, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("why", Words),
    Column("trial", Name(36)),
)
"""`why` somebody put it in force last, and the `trial` on which he did."""
Index(
    "uq_playbooks_one_active",
    playbooks.c.account,
    unique=True,
    sqlite_where=text("active"),
    postgresql_where=text("active"),
)

answers = Table(
    "answers",
    METADATA,
    _account(primary_key=True),
    Column("id", Name(64), primary_key=True),
    Column("content", Text, nullable=False),
    Column("content_hash", Name(64), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("updated_by", Words, nullable=False),
    Column("retired_at", Moment),
)
"""One canned answer a row; `revision` counts its changes. A retired one is kept: old drafts cite it."""

confirmed = Table(
    "confirmed",
    METADATA,
    _account(primary_key=True),
    Column("external_id", Name(200), primary_key=True),
    Column("content", SealedWords("confirmed.content"), nullable=False),
    Column("content_hash", Name(64), nullable=False),
    Column("redacted", SealedJson("confirmed.redacted"), nullable=False),
    Column("queue", Name(64), nullable=False),
    Column("language", Name(2), nullable=False),
    Column("source", Name(16), nullable=False),
    Column("confirmed_by", Words, nullable=False),
    Column("confirmed_at", Moment, nullable=False),
    Column("comment", SealedWords("confirmed.comment"), nullable=False),
    Column("sender", Words, nullable=False),
    Column("reduced_at", Moment),
    Column("flags_told", Boolean, nullable=False, server_default=false()),
)
"""`content` is the Confirmed as given, `redacted` what learned voters and examples may see of it. Once `reduced_at` is
set, nothing but the redacted text is left of the message in either. `flags_told`: a person said on the desk which flags
it has; what was imported tells them without."""
Index(None, confirmed.c.account, confirmed.c.queue)
Index(None, confirmed.c.sender)

collections = Table(
    "collections",
    METADATA,
    Column("collection", Name(200), primary_key=True),
    Column("revision", Integer, nullable=False),
)

passages = Table(
    "passages",
    METADATA,
    Column("collection", Name(200), ForeignKey("collections.collection"), primary_key=True),
    Column("id", Name(200), primary_key=True),
    Column("text", SealedWords("passages.text"), nullable=False),
    Column("metadata", Json, nullable=False),
    Column("revision", Integer, nullable=False, server_default="0"),
)
Index(None, passages.c.collection, passages.c.revision)

passage_vectors = Table(
    "passage_vectors",
    METADATA,
    Column("collection", Name(200), primary_key=True),
    Column("id", Name(200), primary_key=True),
    Column("embedder", Name(200), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
    ForeignKeyConstraint(["collection", "id"], ["passages.collection", "passages.id"], ondelete="CASCADE"),
)

learned = Table(
    "learned",
    METADATA,
    _account(primary_key=True),
    Column("version", Name(80), primary_key=True),
    Column("bundle", LargeBinary, nullable=False),
    Column("metrics", Json, nullable=False),
    Column("exam", Json),
    Column("playbook_version", Name(80), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("active", Boolean, nullable=False),
)
Index(
    "uq_learned_one_active",
    learned.c.account,
    unique=True,
    sqlite_where=text("active"),
    postgresql_where=text("active"),
)
