"""Whether anybody else has a SQLite store open."""

import sqlite3

from service.storage.database import Database


def others_have_open(database: Database) -> bool:
    """Other connections than this object's, in whatever process, that have read or written. Always False of
    PostgreSQL, whose locks keep them from each other; and of what is no database yet.

    SQLite itself knows: it gives up its log beside the database, which the next connection begins anew, only where
    nobody else uses it (sqlite.org/wal.html, section 2.1)."""
    if not database.embedded:
        return False
    database.engine.dispose()
    connection = sqlite3.connect(str(database.engine.url.database), timeout=0)
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    except sqlite3.DatabaseError:
        return False
    finally:
        connection.close()
    return False
