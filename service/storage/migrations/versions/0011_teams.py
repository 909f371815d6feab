"""Teams: levels, sites, languages, opening hours."""

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Nothing yet."""
