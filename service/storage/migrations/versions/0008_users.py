"""People, their sessions and what guards the door; what the desk's lists are read from."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

MOMENT = sa.DateTime(timezone=True)


def name(length: int) -> sa.String:
    """Sorted character by character, whatever the locale of a PostgreSQL database."""
    return sa.String(length).with_variant(sa.String(length, "C"), "postgresql")


def upgrade() -> None:
    _people()
    _sessions()
    _links()
    _attempts()
    _journeys()
    _desk()


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", name(36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("login", name(200), nullable=False),
        sa.Column("role", name(16), nullable=False),
        sa.Column("accounts", sa.Text()),
        sa.Column("language", name(2)),
        sa.Column("theme", name(8), nullable=False),
        sa.Column("subject", name(600)),
        sa.Column("password", sa.Text()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("disabled_at", MOMENT),
        sa.Column("signed_in_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("login", name="uq_people_login"),
        sa.UniqueConstraint("subject", name="uq_people_subject"),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", name(64), nullable=False),
        sa.Column("person_id", name(36), nullable=False),
        sa.Column("via", name(16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_sessions_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    op.create_index("ix_sessions_person_id", "sessions", ["person_id"])
    op.create_index("ix_sessions_seen_at", "sessions", ["seen_at"])


def _links() -> None:
    op.create_table(
        "links",
        sa.Column("id", name(64), nullable=False),
        sa.Column("purpose", name(16), nullable=False),
        sa.Column("person_id", name(36)),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_links_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
    )
    op.create_index("ix_links_person_id", "links", ["person_id"])


def _attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", name(64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
    )


def _journeys() -> None:
    op.create_table(
        "journeys",
        sa.Column("id", name(64), nullable=False),
        sa.Column("browser", name(64), nullable=False),
        sa.Column("nonce", name(64), nullable=False),
        sa.Column("verifier", name(128), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journeys"),
    )


def _desk() -> None:
    """What the desk's lists are read by: what is to do, and each message's language."""
    op.add_column("cases", sa.Column("language", name(2)))
    to_do = sa.text("state = 'open' AND replied_at IS NULL")
    columns = ["account", "queue", "message_id", "due_at"]
    op.create_index("ix_cases_to_do", "cases", columns, sqlite_where=to_do, postgresql_where=to_do)
    found = op.get_bind().execute(sa.text("SELECT message_id, content FROM triages ORDER BY id"))
    told = [{"id": row.message_id, "language": _language(row.content)} for row in found]
    if told:
        op.get_bind().execute(sa.text("UPDATE cases SET language = :language WHERE message_id = :id"), told)


def _language(content: str) -> str | None:
    """As the triage says; None where it cannot be read here."""
    try:
        return str(json.loads(content)["language"])[:2]
    except (ValueError, KeyError, TypeError):
        return None
