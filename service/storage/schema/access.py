"""Who may call, and what was spent."""

from sqlalchemy import Column, Date, Float, ForeignKey, Integer, String, Table

from service.storage.schema.columns import METADATA, Moment, Words

api_keys = Table(
    "api_keys",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("name", Words, nullable=False),
    Column("prefix", String(16), nullable=False, unique=True),
    Column("hash", String(64), nullable=False),
    Column("scope", String(16), nullable=False),
    Column("account", String(64), ForeignKey("accounts.id")),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("last_used_at", Moment),
)

spend = Table(
    "spend",
    METADATA,
    Column("account", String(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("calls", Integer, nullable=False),
    Column("cost_usd", Float, nullable=False),
)
