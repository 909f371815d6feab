"""Words that messages are found by, and calls that are booked."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Nothing yet."""
