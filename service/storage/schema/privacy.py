"""What privacy and retention keep of their work, none of it about a person."""

from sqlalchemy import Boolean, Column, Date, Float, Integer, Table

from service.storage.schema.columns import METADATA, Json, Moment, Name, Words

erasures = Table(
    "erasures",
    METADATA,
    Column("id", Name(36), primary_key=True),
    Column("kind", Name(16), nullable=False),
    Column("account", Name(64)),
    Column("by", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("who", Name(128), nullable=False),
    Column("counts", Json, nullable=False),
    Column("rows_done", Boolean, nullable=False),
    Column("todo", Json, nullable=False),
    Column("finished_at", Moment),
)
"""One erasure or purge a row. `who` is a salted hash of the address; `todo` what is left to do once the rows are
gone, such as the accounts whose voters have to be fitted without them."""

chores = Table(
    "chores",
    METADATA,
    Column("name", Name(64), primary_key=True),
    Column("done_at", Moment),
    Column("leased_by", Words),
    Column("leased_until", Moment),
)
"""What is done once however many processes there are."""

kept_counts = Table(
    "kept_counts",
    METADATA,
    Column("account", Name(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("channel", Name(16), primary_key=True),
    Column("queue", Name(64), primary_key=True),
    Column("outcome", Name(16), primary_key=True),
    Column("messages", Integer, nullable=False),
    Column("corrected", Integer, nullable=False),
    Column("replied", Integer, nullable=False),
    Column("cost_usd", Float, nullable=False),
)
"""How many messages there were that are gone by now."""

vault_keys = Table(
    "vault_keys",
    METADATA,
    Column("id", Name(8), primary_key=True),
    Column("since", Moment, nullable=False),
    Column("complete_at", Moment),
)
"""Keys that stored texts may be sealed with, by id; `complete_at`: since when there is no text that it did not seal."""
