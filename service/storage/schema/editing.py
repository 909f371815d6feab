"""Playbooks that are being edited, and their trials."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table

from service.storage.schema.columns import METADATA, Json, Moment, Name, Words

editions = Table(
    "editions",
    METADATA,
    Column("id", Name(36), primary_key=True),
    Column("account", Name(64), ForeignKey("accounts.id"), nullable=False),
    Column("title", Words, nullable=False),
    Column("author", Words, nullable=False),
    Column("base", Name(80), nullable=False),
    Column("changes", Json, nullable=False),
    Column("state", Name(16), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("updated_by", Words, nullable=False),
    Column("published", Name(80)),
)
"""`changes` are the files that are not those of the version `base`, by name; null where the edition has none of that
name. `published` is the version that it became."""
Index(None, editions.c.account, editions.c.state, editions.c.updated_at)

trials = Table(
    "trials",
    METADATA,
    Column("id", Name(36), primary_key=True),
    Column("account", Name(64), ForeignKey("accounts.id"), nullable=False),
    Column("version", Name(80), nullable=False),
    Column("against", Name(80), nullable=False),
    Column("changes", Json, nullable=False),
    Column("edition", Name(36)),
    Column("asked_by", Words, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("state", Name(16), nullable=False),
    Column("percent", Integer, nullable=False),
    Column("begun_at", Moment),
    Column("ended_at", Moment),
    Column("leased_by", Words),
    Column("leased_until", Moment),
    Column("attempts", Integer, nullable=False),
    Column("failure", Words, nullable=False),
    Column("ground", Name(64), nullable=False),
    Column("before", Json),
    Column("after", Json),
    Column("proof", Json),
)
"""`changes` make the version `version` from the files of `against`. `ground` is the hash of the messages and answers
that it was replayed on; `before` and `after` are what was decided of each, by external id."""
Index(None, trials.c.account, trials.c.version, trials.c.id)
Index(None, trials.c.state, trials.c.id)
