"""Messages and what became of them."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, Table, UniqueConstraint, text

from service.storage.schema.columns import METADATA, Json, Moment, Name, Words
from service.storage.schema.sealed import SealedWords

messages = Table(
    "messages",
    METADATA,
    Column("id", Name(36), primary_key=True),
    Column("account", Name(64), ForeignKey("accounts.id"), nullable=False),
    Column("external_id", Name(200)),
    Column("body_hash", Name(64), nullable=False),
    Column("content", SealedWords("messages.content"), nullable=False),
    Column("channel", Name(16), nullable=False),
    Column("sender", Words, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("arrived_at", Moment, nullable=False),
    Column("state", Name(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Words, nullable=False),
    Column("leased_by", Words),
    Column("leased_until", Moment),
    Column("due_by", Moment, nullable=False, server_default="1970-01-01 00:00:00"),
    UniqueConstraint("account", "external_id"),
)
"""`content` is the message as JSON; `state` is received, triaged or failed; `error` a code, never a
customer's words; a worker that holds a lease works on it until `leased_until`; `due_by`, when an answer is likely due,
is the order of work."""
Index(None, messages.c.account, messages.c.id)
Index(None, messages.c.account, messages.c.received_at)
Index(None, messages.c.state, messages.c.id)
Index(
    "ix_messages_in_line",
    messages.c.due_by,
    messages.c.id,
    sqlite_where=text("state = 'received'"),
    postgresql_where=text("state = 'received'"),
)
Index(None, messages.c.sender)
Index(None, messages.c.account, messages.c.sender, messages.c.received_at)

triages = Table(
    "triages",
    METADATA,
    Column("id", Name(36), primary_key=True),
    Column("message_id", Name(36), ForeignKey("messages.id"), nullable=False),
    Column("content", SealedWords("triages.content"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("outcome", Name(16), nullable=False),
    Column("queue", Name(64)),
    Column("confidence", Float, nullable=False),
    Column("playbook_version", Name(80), nullable=False),
    Column("engine", Name(16), nullable=False),
    Column("degraded", Boolean, nullable=False),
    Column("duration_ms", Float, nullable=False),
    Column("cost_usd", Float),
    Column("prompt_tokens", Integer, nullable=False),
    Column("cached_tokens", Integer, nullable=False),
    Column("completion_tokens", Integer, nullable=False),
)
"""One conclusion a row; a message that is triaged anew gets another, and the latest counts."""
Index(None, triages.c.message_id, triages.c.id)
Index(None, triages.c.created_at)

cases = Table(
    "cases",
    METADATA,
    Column("message_id", Name(36), ForeignKey("messages.id"), primary_key=True),
    Column("account", Name(64), ForeignKey("accounts.id"), nullable=False),
    Column("outcome", Name(16), nullable=False),
    Column("queue", Name(64)),
    Column("confidence", Float, nullable=False),
    Column("state", Name(16), nullable=False),
    Column("due_at", Moment),
    Column("corrected_by", Words),
    Column("corrected_at", Moment),
    Column("claimed_by", Words),
    Column("claimed_at", Moment),
    Column("replied_at", Moment),
    Column("updated_at", Moment, nullable=False),
    Column("joined_to", Name(36)),
    Column("joins_until", Moment),
    Column("language", Name(2)),
    Column("raised", Integer),
    Column("flagged_by", Words),
    Column("flagged_at", Moment),
)
"""`queue` is the one in force: the routed one until an advisor corrects it. `raised`: the level that somebody raised
it to. `joined_to` is the first message of the case that a message of a burst belongs to, and until `joins_until` the
next one of its sender joins it. `flagged_by` is who said last which flags it has: those in `flagged`."""
Index(None, cases.c.joined_to)
TO_DO = (cases.c.state == "open") & cases.c.replied_at.is_(None)
"""What nobody has answered yet."""
Index(
    "ix_cases_to_do",
    cases.c.account,
    cases.c.queue,
    cases.c.message_id,
    cases.c.due_at,
    sqlite_where=text("state = 'open' AND replied_at IS NULL"),
    postgresql_where=text("state = 'open' AND replied_at IS NULL"),
)
_REACH = (cases.c.account, cases.c.queue, cases.c.language, cases.c.raised, cases.c.due_at)
_AS_TOLD = (cases.c.state, cases.c.replied_at)
"""What the condition of an index says already: without them SQLite looks each row up to see it."""
_IS_TO_DO = text("state = 'open' AND replied_at IS NULL")
Index("ix_cases_reach", *_REACH, *_AS_TOLD, sqlite_where=_IS_TO_DO, postgresql_where=_IS_TO_DO)
Index("ix_cases_next", cases.c.due_at, cases.c.message_id, sqlite_where=_IS_TO_DO, postgresql_where=_IS_TO_DO)
_OLDEST = (cases.c.message_id, cases.c.account)
Index("ix_cases_oldest", *_OLDEST, *_AS_TOLD, sqlite_where=_IS_TO_DO, postgresql_where=_IS_TO_DO)
Index(None, cases.c.account, cases.c.message_id)
Index(None, cases.c.account, cases.c.queue, cases.c.message_id)
Index(None, cases.c.account, cases.c.outcome, cases.c.message_id)

traces = Table(
    "traces",
    METADATA,
    Column("account", Name(64), primary_key=True),
    Column("trace", Name(32), primary_key=True),
    Column("message_id", Name(36), ForeignKey("messages.id"), primary_key=True),
)
"""Hashes of the file numbers that a message names: whoever knows a number finds its messages, not the reverse."""
Index(None, traces.c.message_id)

replies = Table(
    "replies",
    METADATA,
    Column("id", Name(36), primary_key=True),
    Column("message_id", Name(36), ForeignKey("messages.id"), nullable=False),
    Column("text", SealedWords("replies.text"), nullable=False),
    Column("sent_by", Words, nullable=False),
    Column("sent_at", Moment, nullable=False),
    Column("recorded_at", Moment, nullable=False),
)
Index(None, replies.c.message_id)

events = Table(
    "events",
    METADATA,
    Column("id", Name(36), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("account", Name(64)),
    Column("kind", Name(64), nullable=False),
    Column("actor", Words, nullable=False),
    Column("subject", Name(200), nullable=False),
    Column("before", Json),
    Column("after", Json),
)
"""Append-only (triggers refuse anything else), so it holds no customer's words: those must be erasable."""
Index(None, events.c.subject, events.c.id)
Index(None, events.c.account, events.c.id)
BY_SOMEBODY = text("actor <> ''")
SELDOM = text("kind <> 'message_triaged' AND kind <> 'message_received'")
"""What the audit is looked through by has indexes that cost a triage nothing; a query says the condition in these very
words, or SQLite does not see that the index holds it all."""
Index("ix_events_actor", events.c.actor, events.c.id, sqlite_where=BY_SOMEBODY, postgresql_where=BY_SOMEBODY)
Index("ix_events_kind", events.c.kind, events.c.id, sqlite_where=SELDOM, postgresql_where=SELDOM)

standings = Table(
    "standings",
    METADATA,
    Column("message_id", Name(36), ForeignKey("messages.id"), primary_key=True),
    Column("account", Name(64), nullable=False),
    Column("model", Name(200), nullable=False),
    Column("standing", Name(32), nullable=False),
    Column("queue", Name(64), nullable=False),
)
"""The queue that a model named, and how it stood to the local voters."""
Index(None, standings.c.account)
