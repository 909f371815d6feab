"""What people are told when SQLite cannot do what was asked, and the cure."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event

from service.desk.upkeep.health import Health
from service.errors import UnavailableError
from service.storage import triages
from service.storage.away import (
    BusyStoreError,
    DamagedStoreError,
    DiskFullError,
    ReadOnlyStoreError,
    UnreachableStoreError,
)
from service.storage.database import Database
from service.storage.migrate import migrate
from service.storage.triages import Concluded
from tests.door import Door, fields_of
from tests.service.cli.conftest import Run, run
from tests.service.samples import ACCOUNT, NOW, a_message, a_triage
from tests.service.web.browser import as_person, text_of

__all__ = ["run"]

SECRET = "Paul Durand, 06 12 34 56 78"


def full(file: Path, database: Database) -> None:
    with closing(sqlite3.connect(file)) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    on_each(database, f"PRAGMA max_page_count = {pages}")


def read_only(_file: Path, database: Database) -> None:
    on_each(database, "PRAGMA query_only = ON")


def busy(file: Path, database: Database) -> None:
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    on_each(database, "PRAGMA busy_timeout = 10")
    event.listen(database.engine, "engine_disposed", lambda _: other.close())


def damaged(file: Path, database: Database) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.engine.dispose()
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))


def no_database(file: Path, database: Database) -> None:
    damaged(file, database)
    file.write_bytes(b"no database at all, and no word of it is told " * 100)


def on_each(database: Database, pragma: str) -> None:
    event.listen(database.engine, "checkout", lambda raw, *_: raw.execute(pragma))


def store(database: Database) -> None:
    message = a_message("m-1", SECRET * 9_000, account=ACCOUNT)
    with database.writing() as transaction:
        triages.store_new(transaction, Concluded(message, a_triage(message, "m-1"), message.fingerprint), NOW)


@pytest.mark.parametrize(
    ("happens", "kind", "said", "cure"),
    [
        (full, DiskFullError, "disk of the data folder is full", "free space"),
        (read_only, ReadOnlyStoreError, "may only be read", "to the user who runs this"),
        (busy, BusyStoreError, "Another process holds", "open for long"),
        (damaged, DamagedStoreError, "damaged", "aiguilleur restore BACKUP --replace"),
        (no_database, DamagedStoreError, "is no database", "aiguilleur restore BACKUP --replace"),
    ],
)
def test_what_sqlite_cannot_do_is_told_in_words_with_the_cure_and_without_a_row(
    tmp_path: Path, happens: Callable[[Path, Database], None], kind: type[UnavailableError], said: str, cure: str
) -> None:
    file = tmp_path / "store.db"
    with closing(Database(f"sqlite:///{file}")) as database:
        migrate(database)
        happens(file, database)
        with pytest.raises(kind, match=said) as raised:
            store(database)
    (problem,) = raised.value.problems
    assert (problem.field, cure in problem.message) == ("database", True)
    assert "Durand" not in f"{raised.value.detail} {problem.message}"


def test_doctor_and_readiness_say_what_is_wrong_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    with closing(Database(f"sqlite:///{file}")) as database:
        migrate(database)
        no_database(file, database)
        (check,) = asyncio.run(Health(database).checks())
    assert (check.ok, "is no database" in check.detail) == (False, True)
    assert "aiguilleur restore BACKUP --replace" in check.cure


def test_a_folder_in_the_files_place_is_not_opened(tmp_path: Path) -> None:
    folder = tmp_path / "a.db"
    folder.mkdir()
    database = Database(f"sqlite:///{folder}")
    with closing(database), pytest.raises(UnreachableStoreError, match="opened"), database.reading():
        pass


def test_a_full_disk_is_told_at_the_door_and_on_a_page(small_door: Door) -> None:
    bob = as_person(small_door, "lead", name="bob")
    small_door.key("triage")
    path = f"/messages/{small_door.triage(body='Ma facture ?')['id']}"
    bob.get(path)
    on_each(small_door.desk.database, "PRAGMA max_page_count = 1")
    body = {"external_id": "one", "body": "Ma facture ? " * 9_000}
    refused = small_door.call("POST", "/v1/triage", "triage", json=body)
    assert fields_of(refused, 503) == ["database"]
    assert "free space" in refused.json()["errors"][0]["message"]
    page = bob.post(f"{path}/reply", text="Voici votre facture. " * 5_000)
    assert (page.status_code, "disque du serveur est plein" in text_of(page)) == (503, True)


def test_the_command_line_says_how_a_damaged_store_is_mended(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "aiguilleur.db").write_bytes(b"no database " * 1_000)
    done = run("key", "list", data=data)
    assert done.code == 1
    assert "is no database" in done.err
    assert "aiguilleur restore BACKUP --replace" in done.err
