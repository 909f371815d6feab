"""What all processes share: answers that were paid for, the model's limits, and which programs the tables suit."""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, Table

from service.storage.schema.columns import METADATA, Moment, Name
from service.storage.schema.sealed import SealedWords

model_answers = Table(
    "model_answers",
    METADATA,
    Column("id", Name(64), primary_key=True),
    Column("message_id", Name(36), ForeignKey("messages.id")),
    Column("asked_for", Name(64), nullable=False),
    Column("content", SealedWords("model_answers.content"), nullable=False),
    Column("created_at", Moment, nullable=False),
)
"""What a model answered and was paid for, about redacted text, until the message's triage is stored. `id` is a hash of
the message and the prompt; `asked_for` is the message's id, or a hash of the request where it is not stored yet."""
Index(None, model_answers.c.message_id)
Index(None, model_answers.c.asked_for)
Index(None, model_answers.c.created_at)

model_shares = Table(
    "model_shares",
    METADATA,
    Column("holder", Name(200), primary_key=True),
    Column("granted", Integer, nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("until", Moment, nullable=False),
)
"""How many calls to the model each process may have in flight, until when, and how many it would like."""

model_pace = Table(
    "model_pace",
    METADATA,
    Column("name", Name(64), primary_key=True),
    Column("tokens", Float, nullable=False),
    Column("at", Moment, nullable=False),
)
"""The token bucket of calls to the model: how full it was, and when."""

schema_floor = Table("schema_floor", METADATA, Column("least", Name(32), primary_key=True))
"""One row: the revision that a program must know at least to use these tables. Only a migration that takes something
away raises it."""
