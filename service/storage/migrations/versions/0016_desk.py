"""What the desk's page asks for is read from indexes in its order, however much was answered before."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

TOLD = ("state", "replied_at")
"""What the condition says already: with them SQLite looks no row up to see it."""
REACH = ("account", "queue", "language", "raised", "due_at", *TOLD)
OLDEST = ("message_id", "account", *TOLD)


def upgrade() -> None:
    to_do = sa.text("state = 'open' AND replied_at IS NULL")
    op.drop_index("ix_cases_reach", "cases")
    for name, columns in (("ix_cases_reach", REACH), ("ix_cases_oldest", OLDEST)):
        op.create_index(name, "cases", list(columns), sqlite_where=to_do, postgresql_where=to_do)
    op.create_index("ix_cases_account_message_id", "cases", ["account", "message_id"])
