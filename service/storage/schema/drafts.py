"""Drafts after the first one, what became of them, and which canned answers they rest on."""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, Table

from service.storage.schema.columns import METADATA, Json, Moment, Name, Words
from service.storage.schema.sealed import SealedWords

drafts = Table(
    "drafts",
    METADATA,
    Column("message_id", Name(36), ForeignKey("messages.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("base", Integer, nullable=False),
    Column("origin", Name(16), nullable=False),
    Column("wish", SealedWords("drafts.wish"), nullable=False),
    Column("by", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("engine", Name(16), nullable=False),
    Column("content", SealedWords("drafts.content"), nullable=False),
    Column("locked", Json, nullable=False),
    Column("usage", Json, nullable=False),
    Column("request_key", Words, nullable=False),
    Column("request_hash", Name(64), nullable=False),
)
"""One version a row, from 1 on: version 0 is the draft of the message's triage. `base` is the version that it was made
from, `locked` the places of the paragraphs that a person wrote, `request_key` what the caller named the request."""

comparisons = Table(
    "comparisons",
    METADATA,
    Column("reply_id", Name(36), ForeignKey("replies.id"), primary_key=True),
    Column("message_id", Name(36), ForeignKey("messages.id"), nullable=False),
    Column("account", Name(64), nullable=False),
    Column("queue", Name(64)),
    Column("sent_by", Words, nullable=False),
    Column("sent_at", Moment, nullable=False),
    Column("verdict", Name(16), nullable=False),
    Column("content", SealedWords("comparisons.content")),
    Column("redacted", SealedWords("comparisons.redacted"), nullable=False),
)
"""One a reply. `content` is the Comparison with the draft that was shown, None where there was none; `redacted` the
reply without greeting, signature and personal data."""
Index(None, comparisons.c.message_id)
Index(None, comparisons.c.account, comparisons.c.sent_at)

answer_uses = Table(
    "answer_uses",
    METADATA,
    Column("message_id", Name(36), ForeignKey("messages.id"), primary_key=True),
    Column("answer", Name(64), primary_key=True),
    Column("account", Name(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("fate", Name(16), nullable=False),
    Column("kept", Float, nullable=False),
    Column("replied_at", Moment),
)
"""A message whose draft rests on a canned answer; `fate` says what became of its words once a reply was sent."""
_USES = ("account", "answer", "message_id", "fate", "kept", "replied_at")
Index("ix_answer_uses_told", *(answer_uses.c[name] for name in _USES))

answer_edits = Table(
    "answer_edits",
    METADATA,
    Column("reply_id", Name(36), ForeignKey("replies.id"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("message_id", Name(36), ForeignKey("messages.id"), nullable=False),
    Column("account", Name(64), nullable=False),
    Column("answer", Name(64), nullable=False),
    Column("sent_by", Words, nullable=False),
    Column("before", SealedWords("answer_edits.before"), nullable=False),
    Column("after", SealedWords("answer_edits.after"), nullable=False),
)
"""A sentence of a canned answer that an advisor changed before he sent it, redacted on both sides."""
Index(None, answer_edits.c.message_id)
Index(None, answer_edits.c.account, answer_edits.c.answer)
