"""A store put into one file while the service runs, and made anew from it."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from service.desk.upkeep.whole import whole
from service.errors import ConflictError, RefusedError
from service.storage import restore as restoring
from service.storage.alone import others_have_open
from service.storage.backup import lines
from service.storage.database import Database

SUFFIX = ".aiguilleur.gz"
QUICK = 3
"""Of gzip's nine levels, one that takes a third of the time of the usual one for a tenth more bytes."""


def back_up(database: Database, place: Path, now: datetime) -> Path:
    """The file that was written: `place`, or one named by the time where that is a folder. It holds one moment of the
    store, is for its owner's eyes only, and is there once it is whole.

    Raises ConflictError where the file exists, RefusedError where it cannot be written or nothing is stored,
    UnavailableError where the database is away.
    """
    file = place / f"{now:%Y%m%dT%H%M%SZ}{SUFFIX}" if place.is_dir() else place
    if file.exists():
        raise ConflictError(f"{file} exists; name another file, or a folder.")
    with database.beholding() as transaction, whole(file) as raw, gzip.open(raw, "wt", QUICK, "utf-8") as out:
        for line in lines(transaction, now):
            out.write(line)
    return file


def restore(database: Database, file: Path, *, replace: bool = False) -> dict[str, int]:
    """How many rows each table got. All or nothing: whatever stops it, what was stored is stored still.

    Raises RefusedError for what is no whole backup or needs another key, ConflictError where another process has the
    store open, or something is stored and `replace` does not say to lose it, UnavailableError where the database is
    away or others are at it.
    """
    if others_have_open(database):
        raise ConflictError("Another process has this store open: stop every `serve` and `worker` on it first.")
    with database.writing() as transaction, _read(file) as said:
        return restoring.restore(transaction, said, replace)


@contextmanager
def _read(file: Path) -> Iterator[Iterator[str]]:
    try:
        with gzip.open(file, "rt", encoding="utf-8") as said:
            yield iter(said)
    except FileNotFoundError as error:
        raise RefusedError(f"There is no file {file}.") from error
    except (gzip.BadGzipFile, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise RefusedError(f"{file} is not a whole backup: nothing of it was taken.") from error
