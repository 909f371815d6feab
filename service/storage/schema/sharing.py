"""Whose corrections and words others took up: about people who sign in, shown to themselves and to their lead."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Table

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

reuse_days = Table(
    "reuse_days",
    METADATA,
    Column("account", Name(64), primary_key=True),
    Column("kind", Name(16), primary_key=True),
    Column("person_id", Name(36), ForeignKey("people.id"), primary_key=True),
    Column("by_id", Name(36), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("messages", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""In how many of the messages in `reuses` on a day in Paris `by_id` took up what `person_id` had said; "": who does not
sign in here. The key is in the order in which days are summed, so that nothing is sorted."""
