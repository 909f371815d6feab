"""What all processes share: limits of the model, schedules."""

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Nothing yet."""
