"""What privacy and retention keep of their work."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def name(length: int) -> sa.String:
    """Sorted character by character, whatever the locale of a PostgreSQL database."""
    return sa.String(length).with_variant(sa.String(length, "C"), "postgresql")


def moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", name(36), nullable=False),
        sa.Column("kind", name(16), nullable=False),
        sa.Column("account", name(64)),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("who", name(128), nullable=False),
        sa.Column("counts", sa.Text, nullable=False),
        sa.Column("rows_done", sa.Boolean, nullable=False),
        sa.Column("todo", sa.Text, nullable=False),
        sa.Column("finished_at", moment()),
        sa.PrimaryKeyConstraint("id", name="pk_erasures"),
    )
    op.create_table(
        "chores",
        sa.Column("name", name(64), nullable=False),
        sa.Column("done_at", moment()),
        sa.Column("leased_by", sa.Text),
        sa.Column("leased_until", moment()),
        sa.PrimaryKeyConstraint("name", name="pk_chores"),
    )
    op.create_table(
        "kept_counts",
        sa.Column("account", name(64), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        *(sa.Column(each, name(length), nullable=False) for each, length in KEPT_BY),
        *(sa.Column(each, sa.Integer, nullable=False) for each in ("messages", "corrected", "replied")),
        sa.Column("cost_usd", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("account", "day", *(each for each, _ in KEPT_BY), name="pk_kept_counts"),
    )
    op.create_table(
        "vault_keys",
        sa.Column("id", name(8), nullable=False),
        sa.Column("since", moment(), nullable=False),
        sa.Column("complete_at", moment()),
        sa.PrimaryKeyConstraint("id", name="pk_vault_keys"),
    )
    op.add_column("confirmed", sa.Column("reduced_at", moment()))


KEPT_BY = (("channel", 16), ("queue", 64), ("outcome", 16))
