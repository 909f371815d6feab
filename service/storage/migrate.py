"""Brings a database to this program's tables, safely when several processes start at once."""

from pathlib import Path

from sqlalchemy import inspect, text

from service.errors import UnavailableError
from service.storage.database import Database, Transaction

HEAD = "0019"
"""The newest revision in migrations/versions; a test keeps it so. Known here, a start needs no alembic."""

SCRIPTS = Path(__file__).parent / "migrations"
LOCK = 0x41494755
"""PostgreSQL advisory lock that migrating processes stand in line for; SQLite has its write lock."""


def migrate(database: Database) -> bool:
    """Makes or upgrades the tables; True where there was something to do. Those of a newer program are left as they
    are, and used where it took nothing away that this one needs. Raises UnavailableError."""
    with database.reading() as transaction:
        if suits(transaction):
            return False
    with database.writing() as transaction:
        if not database.embedded:
            transaction.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        if suits(transaction):
            return False
        upgrade(transaction)
    return True


def revision(transaction: Transaction) -> str | None:
    """The database's revision, or None where it has no tables yet."""
    if not inspect(transaction).has_table("alembic_version"):
        return None
    found: str | None = transaction.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return found


def suits(transaction: Transaction) -> bool:
    """Whether this program can use the tables: they are its own, or a newer one's that were only added to."""
    found = revision(transaction)
    if found is None or found <= HEAD:
        return found == HEAD
    least: str | None = transaction.execute(text("SELECT max(least) FROM schema_floor")).scalar_one_or_none()
    return least is not None and least <= HEAD


def upgrade(transaction: Transaction, to: str = "head") -> None:
    """Raises UnavailableError where the tables, or that revision, are not this program's."""
    from alembic import command, config  # noqa: PLC0415 - 0.2 s that only a migration should cost
    from alembic.util import CommandError  # noqa: PLC0415

    settings = config.Config(attributes={"connection": transaction})
    settings.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    try:
        command.upgrade(settings, to)
    except CommandError as error:
        raise UnavailableError(f"The database's tables are not this program's: {error}") from error
