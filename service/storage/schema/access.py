"""Who may call, and what was spent."""

from sqlalchemy import Column, Date, Float, ForeignKey, Integer, Table

from service.storage.schema.columns import METADATA, Moment, Name, Words

api_keys = Table(
    "api_keys",
    METADATA,
    Column("id", Name(36), primary_key=True),
    Column("name", Words, nullable=False),
    Column("prefix", Name(16), nullable=False, unique=True),
    Column("hash", Name(64), nullable=False),
    Column("scope", Name(16), nullable=False),
    Column("account", Name(64), ForeignKey("accounts.id")),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("last_used_at", Moment),
)

spend = Table(
    "spend",
    METADATA,
    Column("account", Name(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("calls", Integer, nullable=False),
    Column("cost_usd", Float, nullable=False),
)
