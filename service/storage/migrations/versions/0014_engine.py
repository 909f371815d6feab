"""What all processes share: limits of the model, answers that were paid for, an order of work, a floor of programs."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

LONG_AGO = {"sqlite": "1970-01-01 00:00:00.000000", "postgresql": "1970-01-01 00:00:00+00"}


def name(length: int) -> sa.String:
    """Sorted character by character, whatever the locale of a PostgreSQL database."""
    return sa.String(length).with_variant(sa.String(length, "C"), "postgresql")


def moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def upgrade() -> None:
    _order_of_work()
    _answers()
    _limits()
    floor = op.create_table(
        "schema_floor",
        sa.Column("least", name(32), nullable=False),
        sa.PrimaryKeyConstraint("least", name="pk_schema_floor"),
    )
    op.bulk_insert(floor, [{"least": "0014"}])


def _order_of_work() -> None:
    """A program of before, which still runs, files messages as due long ago: they go first."""
    long_ago = LONG_AGO[op.get_bind().dialect.name]
    op.add_column("messages", sa.Column("due_by", moment(), nullable=False, server_default=long_ago))
    waiting = sa.text("state = 'received'")
    op.create_index("ix_messages_in_line", "messages", ["due_by", "id"], sqlite_where=waiting, postgresql_where=waiting)


def _answers() -> None:
    op.create_table(
        "model_answers",
        sa.Column("id", name(64), nullable=False),
        sa.Column("message_id", name(36)),
        sa.Column("asked_for", name(64), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_model_answers_message_id_messages"),
        sa.PrimaryKeyConstraint("id", name="pk_model_answers"),
    )
    for column in ("message_id", "asked_for", "created_at"):
        op.create_index(f"ix_model_answers_{column}", "model_answers", [column])


def _limits() -> None:
    op.create_table(
        "model_shares",
        sa.Column("holder", name(200), nullable=False),
        *(sa.Column(each, sa.Integer, nullable=False) for each in ("granted", "wanted")),
        sa.Column("until", moment(), nullable=False),
        sa.PrimaryKeyConstraint("holder", name="pk_model_shares"),
    )
    op.create_table(
        "model_pace",
        sa.Column("name", name(64), nullable=False),
        sa.Column("tokens", sa.Float, nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_model_pace"),
    )
