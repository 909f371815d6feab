"""A passage tells the revision that it made, so that whoever follows a collection reads what is new alone. What an
older program puts tells none: then all is read, as before."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("passages", sa.Column("revision", sa.Integer, nullable=False, server_default="0"))
    op.create_index("ix_passages_collection_revision", "passages", ["collection", "revision"])
