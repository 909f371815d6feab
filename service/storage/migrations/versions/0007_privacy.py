"""What privacy and retention keep of their work."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    pass
