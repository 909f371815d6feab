"""Playbooks that are being edited, and their trials."""

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Nothing yet."""
