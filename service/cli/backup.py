"""`aiguilleur backup` and `aiguilleur restore`: the whole store in one file, and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from service.cli.options import settings_for
from service.desk.clock import utc_now
from service.desk.upkeep import backup as desk
from service.errors import ConflictError
from service.settings import Settings
from service.storage.database import Database
from service.wiring import build_desk
from service.wiring.finding import index_is_taken


@click.command()
@click.argument("place", metavar="FILE|FOLDER", type=click.Path(path_type=Path))
def backup(place: Path) -> None:
    """Write everything that is stored into one FILE, or one named by the time in a FOLDER, while the service runs.

    The settings, with the vault's key, are not in it: keep them elsewhere.
    """
    with _database(settings_for()) as database:
        file = desk.back_up(database, place, utc_now())
    click.echo(file)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Lose what is stored here for what the file holds.")
def restore(file: Path, replace: bool) -> None:
    """Make the store of a backup's FILE, on SQLite or PostgreSQL, whichever made it. Stop the service first."""
    settings = settings_for()
    if index_is_taken(settings):
        raise ConflictError("A server is at work on this data folder: stop it first.")
    with _database(settings) as database:
        counts = desk.restore(database, file, replace=replace)
    for table, rows in sorted(counts.items()):
        if rows:
            click.echo(f"{table}\t{rows}")


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    """As it is: a backup is what one makes before an upgrade."""
    built = build_desk(settings, index=False)
    try:
        yield built.database
    finally:
        built.close()
