"""Canned answers in all their states, what is proposed of them, evaluation runs and audit samples."""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, Table, Text

from service.storage.schema.columns import METADATA, Json, Moment, Name, Words
from service.storage.schema.sealed import SealedWords

answer_revisions = Table(
    "answer_revisions",
    METADATA,
    Column("account", Name(64), ForeignKey("accounts.id"), primary_key=True),
    Column("answer", Name(64), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("action", Name(16), nullable=False),
    Column("content", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", Words, nullable=False),
)
"""What each change of a canned answer made of it; `action` is added, changed or retired."""

answer_proposals = Table(
    "answer_proposals",
    METADATA,
    Column("id", Name(36), primary_key=True),
    Column("account", Name(64), ForeignKey("accounts.id"), nullable=False),
    Column("message_id", Name(36), ForeignKey("messages.id")),
    Column("answer", Name(64)),
    Column("base_revision", Integer, nullable=False),
    Column("content", SealedWords("answer_proposals.content"), nullable=False),
    Column("note", SealedWords("answer_proposals.note"), nullable=False),
    Column("by", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("state", Name(16), nullable=False),
    Column("decided_by", Words),
    Column("decided_at", Moment),
    Column("decision_comment", SealedWords("answer_proposals.decision_comment"), nullable=False),
)
"""`answer` is None for a new one; `base_revision` is the state that an edit was made from. What came of a message goes
with it, while it is a proposal: an advisor may have left a customer's words in it."""
Index(None, answer_proposals.c.account, answer_proposals.c.state, answer_proposals.c.id)
Index(None, answer_proposals.c.message_id)

eval_runs = Table(
    "eval_runs",
    METADATA,
    Column("id", Name(36), primary_key=True),
    Column("account", Name(64), ForeignKey("accounts.id"), nullable=False),
    Column("split", Name(16), nullable=False),
    Column("engine", Name(16), nullable=False),
    Column("most", Integer),
    Column("state", Name(16), nullable=False),
    Column("by", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("started_at", Moment),
    Column("ended_at", Moment),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("error", Words, nullable=False),
    Column("summary", Json),
    Column("leased_by", Words),
    Column("leased_until", Moment),
)
"""Asked for by a person, done by a process beside the service; its files are in a folder of that id. `summary` is the
headline figures alone: numbers, nothing of a message."""
Index(None, eval_runs.c.account, eval_runs.c.id)
Index(None, eval_runs.c.state, eval_runs.c.id)

audits = Table(
    "audits",
    METADATA,
    Column("id", Name(36), primary_key=True),
    Column("account", Name(64), ForeignKey("accounts.id"), nullable=False),
    Column("name", Words, nullable=False),
    Column("seed", Name(32), nullable=False),
    Column("method", Name(16), nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("since", Moment),
    Column("until", Moment),
    Column("strata", Json, nullable=False),
    Column("readers", Json, nullable=False),
    Column("by", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("taught_by", Words),
    Column("taught_at", Moment),
)
"""`strata` is how many messages there were in each when the sample was drawn, `readers` the two who label it."""
Index(None, audits.c.account, audits.c.id)

audit_items = Table(
    "audit_items",
    METADATA,
    Column("audit_id", Name(36), ForeignKey("audits.id"), primary_key=True),
    Column("message_id", Name(36), ForeignKey("messages.id"), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("stratum", Name(64), nullable=False),
    Column("outcome", Name(16), nullable=False),
    Column("queue", Name(64)),
    Column("confidence", Float, nullable=False),
)
"""A message of the sample with what the program had concluded when it was drawn: its best guess, routed or not."""
Index(None, audit_items.c.message_id)

audit_labels = Table(
    "audit_labels",
    METADATA,
    Column("audit_id", Name(36), ForeignKey("audits.id"), primary_key=True),
    Column("message_id", Name(36), ForeignKey("messages.id"), primary_key=True),
    Column("seat", Integer, primary_key=True, autoincrement=False),
    Column("queue", Name(64), nullable=False),
    Column("by", Words, nullable=False),
    Column("at", Moment, nullable=False),
)
"""`seat` 1 and 2 are the two readers, 3 whoever settles what they disagree on. `queue` is "" where none fits."""
Index(None, audit_labels.c.message_id)
