"""What is counted by day for the oversight, and what is not counted yet. Nothing here is about a person."""

from sqlalchemy import Column, Date, Float, Table

from service.storage.schema.columns import METADATA, Name

figures = Table(
    "figures",
    METADATA,
    Column("account", Name(64), primary_key=True),
    Column("kind", Name(16), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("name", Name(32), primary_key=True),
    Column("value", Name(64), primary_key=True),
    Column("amount", Float, nullable=False),
)
"""`amount` of what is called `name` on a day: of all (`kind` is total), or of the channel, queue or team `value`."""

uncounted = Table(
    "uncounted",
    METADATA,
    Column("event_id", Name(36), primary_key=True),
    Column("subject", Name(200), nullable=False),
)
"""Events about messages that the figures do not hold yet; written with the event, in its transaction."""
