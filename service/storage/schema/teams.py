"""Teams, who is of them, and the messages that were raised to another level."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table

from service.storage.schema.columns import METADATA, Json, Moment, Name, Words
from service.storage.schema.sealed import SealedWords

teams = Table(
    "teams",
    METADATA,
    Column("id", Name(36), primary_key=True),
    Column("name", Words, nullable=False),
    Column("login", Name(200), nullable=False, unique=True),
    Column("site", Words, nullable=False),
    Column("accounts", Json),
    Column("levels", Json, nullable=False),
    Column("languages", Json, nullable=False),
    Column("queues", Json, nullable=False),
    Column("hours", Json, nullable=False),
    Column("timezone", Name(64), nullable=False),
    Column("holidays", Name(8), nullable=False),
    Column("closed", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("removed_at", Moment),
)
"""`login` is what the name is compared by; a removed team keeps its row, so that figures can name it, under its id."""

team_members = Table(
    "team_members",
    METADATA,
    Column("team_id", Name(36), ForeignKey("teams.id"), primary_key=True),
    Column("person_id", Name(36), ForeignKey("people.id"), primary_key=True),
)
Index(None, team_members.c.person_id)

escalations = Table(
    "escalations",
    METADATA,
    Column("id", Name(36), primary_key=True),
    Column("message_id", Name(36), ForeignKey("messages.id"), nullable=False),
    Column("account", Name(64), nullable=False),
    Column("before", Integer, nullable=False),
    Column("after", Integer, nullable=False),
    Column("by", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("comment", SealedWords("escalations.comment"), nullable=False),
)
"""One change of level a row, up or down. The comment is here, where it can be erased, and not in the event."""
Index(None, escalations.c.message_id)
