"""Drafts of a message and what became of them."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    pass
