"""What people said about queues, and what is being done about it."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text

from service.storage.schema.columns import METADATA, Json, Moment, Name, Words
from service.storage.schema.sealed import SealedWords

corrections = Table(
    "corrections",
    METADATA,
    Column("id", Name(36), primary_key=True),
    Column("account", Name(64), ForeignKey("accounts.id"), nullable=False),
    Column("message_id", Name(36), ForeignKey("messages.id"), nullable=False),
    Column("queue", Name(64), nullable=False),
    Column("before", Name(64)),
    Column("by", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("comment", SealedWords("corrections.comment"), nullable=False),
    Column("state", Name(16), nullable=False),
    Column("current", Boolean, nullable=False),
    Column("objections", Json, nullable=False),
    Column("decided_by", Words),
    Column("decided_at", Moment),
    Column("decision_comment", SealedWords("corrections.decision_comment"), nullable=False),
)
"""One saying a row; the `current` one of a message is the newest that was not undone."""
Index(None, corrections.c.message_id, corrections.c.id)
Index(None, corrections.c.account, corrections.c.state, corrections.c.id)

refits = Table(
    "refits",
    METADATA,
    Column("account", Name(64), ForeignKey("accounts.id"), primary_key=True),
    Column("changes", Integer, nullable=False),
    Column("changed_at", Moment),
    Column("wanted_by", Words),
    Column("held_by", Words),
    Column("held_at", Moment),
    Column("leased_by", Words),
    Column("leased_until", Moment),
    Column("tried_at", Moment),
    Column("outcome", Words, nullable=False),
    Column("failures", Integer, nullable=False),
)
"""`changes` counts lessons that no fit has seen, the oldest from `changed_at`; whoever holds the lease fits;
a fit that nobody asked for puts nothing in force while a person holds the version."""

suggestions = Table(
    "suggestions",
    METADATA,
    Column("account", Name(64), ForeignKey("accounts.id"), primary_key=True),
    Column("id", Name(64), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("state", Name(16), nullable=False),
    Column("decided_by", Words),
    Column("decided_at", Moment),
    Column("base_version", Name(80)),
    Column("playbook_version", Name(80)),
    Column("comment", SealedWords("suggestions.comment")),
)
"""`place` is the order in which they were found best. Accepting a keyword made `playbook_version` while
`base_version` was in force. Only `open` ones are found anew; what was decided stays."""
