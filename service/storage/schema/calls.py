"""Calls that advisors booked with customers, and drafts that they handed over."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table

from service.storage.schema.columns import METADATA, Moment, Name, Words
from service.storage.schema.sealed import SealedWords

calls = Table(
    "calls",
    METADATA,
    Column("id", Name(36), primary_key=True),
    Column("message_id", Name(36), ForeignKey("messages.id"), nullable=False),
    Column("account", Name(64), nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("state", Name(16), nullable=False),
    Column("booked_by", Words, nullable=False),
    Column("booked_at", Moment, nullable=False),
    Column("noted_by", Words),
    Column("noted_at", Moment),
    Column("note", SealedWords("calls.note"), nullable=False),
)
"""`state` is booked, held, missed or cancelled; `note` what an advisor wrote down afterwards."""
Index(None, calls.c.message_id)
Index(None, calls.c.state, calls.c.starts_at)

ready_drafts = Table(
    "ready_drafts",
    METADATA,
    Column("message_id", Name(36), ForeignKey("messages.id"), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("by", Words, nullable=False),
    Column("at", Moment, nullable=False),
)
"""The version of a message's draft that a CRM may fetch and send."""
