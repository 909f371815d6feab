"""People who sign in, their sessions, and what guards the door."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, true

from service.storage.schema.columns import METADATA, Json, Moment, Name, Words

people = Table(
    "people",
    METADATA,
    Column("id", Name(36), primary_key=True),
    Column("name", Words, nullable=False),
    Column("login", Name(200), nullable=False, unique=True),
    Column("role", Name(16), nullable=False),
    Column("accounts", Json),
    Column("language", Name(2)),
    Column("theme", Name(8), nullable=False),
    Column("keys", Boolean, nullable=False, server_default=true()),
    Column("subject", Name(600), unique=True),
    Column("password", Words),
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment),
    Column("signed_in_at", Moment),
)
"""`password` is an Argon2 hash, None for those who come by single sign-on or have not chosen one yet; `subject`
is the provider's issuer and its name for the person."""

sessions = Table(
    "sessions",
    METADATA,
    Column("id", Name(64), primary_key=True),
    Column("person_id", Name(36), ForeignKey("people.id"), nullable=False),
    Column("via", Name(16), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
)
"""`id` is the SHA-256 of the secret in the browser's cookie."""
Index(None, sessions.c.person_id)
Index(None, sessions.c.seen_at)

links = Table(
    "links",
    METADATA,
    Column("id", Name(64), primary_key=True),
    Column("purpose", Name(16), nullable=False),
    Column("person_id", Name(36), ForeignKey("people.id")),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)
"""One-time links: `id` is the SHA-256 of the secret in the address; one that was used is no longer here."""
Index(None, links.c.person_id)

attempts = Table(
    "attempts",
    METADATA,
    Column("id", Name(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Moment, nullable=False),
)
"""Sign-ins that failed, by the SHA-256 of a name or of an address: people type passwords where names belong."""

journeys = Table(
    "journeys",
    METADATA,
    Column("id", Name(64), primary_key=True),
    Column("browser", Name(64), nullable=False),
    Column("nonce", Name(64), nullable=False),
    Column("verifier", Name(128), nullable=False),
    Column("after", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
)
"""Single sign-ons under way: `id` is the SHA-256 of the state, `browser` of the secret of the browser that began."""
