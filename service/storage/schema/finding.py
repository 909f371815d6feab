"""What messages are found by: their stemmed words, indexed by each database's own full-text search."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Dialect, ForeignKey, Index, Integer, Table, Text, column, table
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.types import TypeDecorator, TypeEngine

from service.storage.privacy_cipher import ring_of
from service.storage.privacy_lookup import kept_words
from service.storage.schema.columns import METADATA, Name


class WordList(TypeDecorator[Sequence[str]]):
    """Folded words in their order: text for SQLite's FTS5, a `tsvector` with positions on PostgreSQL. Where a key is
    set the keyed hashes of them, once each and in an order that tells nothing."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        ring = ring_of(dialect)
        words = list(value) if ring is None else kept_words(ring, value)
        if dialect.name == "sqlite":
            return " ".join(words)
        return " ".join(f"'{word}'" if ring else f"'{word}':{at}" for at, word in enumerate(words, 1))


findable = Table(
    "findable",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("message_id", Name(36), ForeignKey("messages.id"), nullable=False, unique=True),
    Column("words", WordList, nullable=False),
)
"""One message a row, in the order of arrival: what people find it by. SQLite's index over it is
`FOUND_BY`, which triggers keep in step, PostgreSQL's a GIN index: the migration makes either."""

FOUND_BY = table("findable_words", column("rowid"), column("rank"))
"""SQLite's index over `findable.words`."""

unindexed = Table(
    "unindexed",
    METADATA,
    Column("message_id", Name(36), ForeignKey("messages.id"), primary_key=True),
    Column("cause", Name(36), nullable=False),
)
"""Messages whose row in `findable` is not there yet, or older than `cause`: the message itself, a reply, or `before`,
where it was there before its flags had rows. Triggers fill it, so that nothing that is stored is forgotten."""

flagged = Table(
    "flagged",
    METADATA,
    Column("message_id", Name(36), ForeignKey("messages.id"), primary_key=True),
    Column("flag", Name(64), primary_key=True),
)
"""The flags in force of a message: what the last triage raised, until a person says which are right."""
Index(None, flagged.c.flag, flagged.c.message_id)
