"""Whose corrections and words others took up, and who an answer was written by."""

import json
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

USES = ("account", "answer", "message_id", "fate", "kept", "replied_at")
"""How often each canned answer is used is read off this index alone."""


def name(length: int) -> sa.String:
    """Sorted character by character, whatever the locale of a PostgreSQL database."""
    return sa.String(length).with_variant(sa.String(length, "C"), "postgresql")


def moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def upgrade() -> None:
    _authors()
    _reuses()
    _known_authors()
    op.drop_index("ix_answer_uses_account_answer", "answer_uses")
    op.create_index("ix_answer_uses_told", "answer_uses", list(USES))


def _authors() -> None:
    op.create_table(
        "answer_authors",
        sa.Column("account", name(64), nullable=False),
        sa.Column("answer", name(64), nullable=False),
        sa.Column("person_id", name(36), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_answer_authors_account_accounts"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_answer_authors_person_id_people"),
        sa.PrimaryKeyConstraint("account", "answer", "person_id", name="pk_answer_authors"),
    )
    op.create_index("ix_answer_authors_person_id", "answer_authors", ["person_id"])


def _reuses() -> None:
    op.create_table(
        "reuses",
        sa.Column("message_id", name(36), nullable=False),
        sa.Column("kind", name(16), nullable=False),
        sa.Column("source", name(200), nullable=False),
        sa.Column("person_id", name(36), nullable=False),
        sa.Column("by_id", name(36)),
        sa.Column("account", name(64), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_reuses_message_id_messages"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_reuses_person_id_people"),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_reuses_by_id_people"),
        sa.PrimaryKeyConstraint("message_id", "kind", "source", "person_id", name="pk_reuses"),
    )
    for owner in ("person_id", "account"):
        op.create_index(f"ix_reuses_{owner}_at", "reuses", [owner, "at"])


def _known_authors() -> None:
    """Of the proposals that were accepted before: the answer that each became is told by its event."""
    said = sa.table("answer_proposals", *map(sa.column, ("id", "account", "state", "by")))
    told = sa.table(
        "events", *map(sa.column, ("subject", "kind")), sa.column("after", sa.Text), sa.column("at", moment())
    )
    people = sa.table("people", sa.column("id"), sa.column("login"))
    wanted = sa.select(said.c.account, said.c.by, told.c.after, told.c.at).join_from(
        said, told, told.c.subject == said.c.id
    )
    accepted = (said.c.state == "accepted") & (told.c.kind == "proposal_accepted")
    connection = op.get_bind()
    known = {login: person for person, login in connection.execute(sa.select(people.c.id, people.c.login))}
    found = {}
    for account, by, after, at in connection.execute(wanted.where(accepted)):
        login = unicodedata.normalize("NFKC", " ".join(by.split())).casefold()
        answer = json.loads(after or "{}").get("answer")
        if login in known and answer:
            found[account, answer, known[login]] = at
    authors = sa.table("answer_authors", *map(sa.column, ("account", "answer", "person_id")), sa.column("at", moment()))
    names = ("account", "answer", "person_id")
    if found:
        op.bulk_insert(authors, [dict(zip(names, key, strict=True)) | {"at": at} for key, at in found.items()])
