"""Why the database cannot do what was asked now, in words and with the cure: never a row's content."""

from typing import Any

from service.errors import FieldProblem, UnavailableError


class DiskFullError(UnavailableError):
    """The disk of the store is full; what was being written was undone."""


class ReadOnlyStoreError(UnavailableError):
    """The store may not be written."""


class DamagedStoreError(UnavailableError):
    """The store's file is damaged, or is none."""


class BusyStoreError(UnavailableError):
    """Another process holds the store."""


class UnreachableStoreError(UnavailableError):
    """The store's file cannot be opened, or its disk does not do as it is told."""


RESTORE = "stop whatever uses it, and make it anew from the newest backup: `aiguilleur restore BACKUP --replace`"
OPENED = (
    "see that the database's file and its folder are there, yours to read and write, and that the disk is well and has "
    "room"
)
ROOM = "free space on the disk of the data folder (AIGUILLEUR_DATA); it goes on by itself, nothing accepted is lost"
OWNER = "give the database's file and its folder to the user who runs this, on a disk that is not mounted read-only"
HOLDER = "try again; if it lasts, end what else has the database's file open for long, such as a `sqlite3` shell"

KINDS: dict[str, tuple[type[UnavailableError], str, str, str]] = {
    "SQLITE_FULL": (DiskFullError, "store_full", "The disk of the data folder is full", ROOM),
    "SQLITE_READONLY": (ReadOnlyStoreError, "store_readonly", "The database may only be read", OWNER),
    "SQLITE_CORRUPT": (DamagedStoreError, "store_damaged", "The database's file is damaged", RESTORE),
    "SQLITE_NOTADB": (DamagedStoreError, "store_damaged", "The database's file is no database", RESTORE),
    "SQLITE_BUSY": (BusyStoreError, "store_busy", "Another process holds the database", HOLDER),
    "SQLITE_LOCKED": (BusyStoreError, "store_busy", "Another process holds the database", HOLDER),
    "SQLITE_CANTOPEN": (UnreachableStoreError, "store_away", "The database's file cannot be opened", OPENED),
    "SQLITE_IOERR": (UnreachableStoreError, "store_away", "The disk does not read or write the database", OPENED),
    "SQLITE_PERM": (ReadOnlyStoreError, "store_readonly", "The database's file is somebody else's", OWNER),
    "53100": (DiskFullError, "store_full", "The disk of the database's server is full", "free space on that disk"),
}
"""By SQLite's code, without what it adds to one (`SQLITE_READONLY_DBMOVED`), or by PostgreSQL's: the error, the code of
the sentence on a page, what happened, and the cure."""


def away(error: Exception) -> UnavailableError:
    """What callers, logs and people are told of an error of the driver's that is no mistake of the code's."""
    origin = getattr(error, "orig", None) or error
    code = getattr(origin, "sqlite_errorname", None) or getattr(origin, "sqlstate", None) or ""
    cause = f"{type(origin).__name__} {code}".strip()
    found = KINDS.get("_".join(code.split("_")[:2]))
    if found is None:
        return UnavailableError(f"{_unanswered(origin)} ({cause}).")
    kind, name, happened, cure = found
    return kind(f"{happened} ({cause}).", problems=(FieldProblem("database", cure, name),))


def _unanswered(origin: Any) -> str:
    """A server that is there and lets nobody in is told from one that is not; by what libpq knows, for a server speaks
    in its own language."""
    asked = getattr(origin, "pgconn", None)
    if asked is None or not str(origin).startswith("connection"):  # else it was lost while it was used
        return "The database does not answer"
    if asked.used_password or asked.needs_password:
        return "The database's server refuses this user or password"
    if "FATAL" in str(origin):
        return "The database's server refuses the connection: no such database, too many connections, or not up yet"
    return "The database does not answer"
