"""Eval runs that are started from a page, and audit samples."""

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Nothing yet."""
