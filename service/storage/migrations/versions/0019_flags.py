"""Who said last which flags a message has, and whether a confirmed message's flags were told by somebody. What was
corrected before tells queues alone."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("cases", sa.Column("flagged_by", sa.Text))
    op.add_column("cases", sa.Column("flagged_at", sa.DateTime(timezone=True)))
    op.add_column("confirmed", sa.Column("flags_told", sa.Boolean, nullable=False, server_default=sa.false()))
