"""Who is told of what happens to messages, and the outbox of what they are told."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table

from service.storage.schema.columns import METADATA, Json, Moment, Name, Words
from service.storage.schema.sealed import SealedWords

webhooks = Table(
    "webhooks",
    METADATA,
    Column("id", Name(36), primary_key=True),
    Column("account", Name(64), ForeignKey("accounts.id"), nullable=False),
    Column("url", Words, nullable=False),
    Column("secret", SealedWords("webhooks.secret"), nullable=False),
    Column("events", Json, nullable=False),
    Column("thin", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment),
    Column("failures", Integer, nullable=False),
    Column("failing_since", Moment),
    Column("resting_until", Moment),
)
"""`failures` in a row, since `failing_since`; nothing is tried before `resting_until`."""
Index(None, webhooks.c.account)

deliveries = Table(
    "deliveries",
    METADATA,
    Column("id", Name(36), primary_key=True),
    Column("webhook_id", Name(36), ForeignKey("webhooks.id"), nullable=False),
    Column("account", Name(64), ForeignKey("accounts.id"), nullable=False),
    Column("message_id", Name(36), ForeignKey("messages.id"), nullable=False),
    Column("kind", Name(32), nullable=False),
    Column("payload", SealedWords("deliveries.payload"), nullable=False),
    Column("state", Name(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("status", Integer),
    Column("error", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("queued_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("leased_by", Words),
    Column("leased_until", Moment),
    Column("sent_at", Moment),
)
"""Written with what it tells of, in one transaction. `state` is waiting, sent (the payload is then empty) or dead;
`queued_at`: since when it waits, which is anew where it was sent again by hand."""
Index(None, deliveries.c.webhook_id, deliveries.c.state, deliveries.c.id)
Index(None, deliveries.c.message_id)
