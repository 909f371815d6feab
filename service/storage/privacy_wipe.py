"""Leaves nothing of what was removed in the database's files, as far as the database can tell."""

from sqlalchemy import text

from service.storage.database import Database
from service.storage.privacy_graph import tables_about_messages

BESIDE = ("confirmed", "passages", "passage_vectors", "learned", "suggestions", "trials")
"""Tables without a reference to messages that hold something about them."""


def wipe(database: Database, thoroughly: bool) -> None:
    """SQLite overwrites what is removed at once; here its log is cut, and `thoroughly` the whole file is written anew,
    which rids it of what programs of before left in free pages. PostgreSQL's dead rows are vacuumed; its archived
    logs and backups are its operator's. Blocks; writers wait meanwhile. Raises UnavailableError while others write.
    """
    if database.embedded:
        _run(database, "INSERT INTO findable_words(findable_words) VALUES ('optimize')")
        if thoroughly:
            _run(database, "VACUUM")
        _run(database, "PRAGMA wal_checkpoint(TRUNCATE)")
        return
    for name in (*(table.name for table in tables_about_messages()), *BESIDE):
        _run(database, f"VACUUM {name}")


def _run(database: Database, statement: str) -> None:
    with database.glancing() as transaction:
        transaction.execute(text(statement))
