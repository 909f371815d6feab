"""Whose corrections and words others took up: about people who sign in, shown to themselves and to their lead."""

from sqlalchemy import Column, ForeignKey, Index, Table

from service.storage.schema.columns import METADATA, Moment, Name

answer_authors = Table(
    "answer_authors",
    METADATA,
    Column("account", Name(64), ForeignKey("accounts.id"), primary_key=True),
    Column("answer", Name(64), primary_key=True),
    Column("person_id", Name(36), ForeignKey("people.id"), primary_key=True),
    Column("at", Moment, nullable=False),
)
"""People whose accepted proposals or sent replies an answer was written from."""
Index(None, answer_authors.c.person_id)

reuses = Table(
    "reuses",
    METADATA,
    Column("message_id", Name(36), ForeignKey("messages.id"), primary_key=True),
    Column("kind", Name(16), primary_key=True),
    Column("source", Name(200), primary_key=True),
    Column("person_id", Name(36), ForeignKey("people.id"), primary_key=True),
    Column("by_id", Name(36), ForeignKey("people.id")),
    Column("account", Name(64), nullable=False),
    Column("at", Moment, nullable=False),
)
"""A message in which somebody (`by_id`, None for who does not sign in here) took up what `person_id` had said: a
confirmed message (`kind` is lesson) or a canned answer (answer), which `source` names."""
Index(None, reuses.c.person_id, reuses.c.at)
Index(None, reuses.c.account, reuses.c.at)
