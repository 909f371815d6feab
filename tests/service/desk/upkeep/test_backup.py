"""A backup is one moment of the store, whole, and makes the same store elsewhere."""

import asyncio
import gzip
import resource
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from service.desk.accounts import AccountContent, Accounts
from service.desk.intake.receiving import Intake
from service.desk.intake.triage import TriageDesk
from service.desk.upkeep.backup import back_up, restore
from service.errors import ConflictError, RefusedError
from service.storage.backup import DERIVED, FLEETING, OF_TABLES, tables
from service.storage.database import Database
from service.storage.migrate import HEAD, migrate, revision
from service.storage.privacy_cipher import keyring_of, new_key
from service.storage.privacy_encrypt import register
from service.storage.schema import METADATA
from tests.postgres import Cluster
from tests.service.samples import NOW, CountingPipeline, a_confirmed, a_message, a_playbook, an_answer, playbook_files

Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
async def filled(database: Database, accounts: Accounts) -> Database:
    content = AccountContent(playbook_files(), a_playbook(), (an_answer("a"),), (a_confirmed("c-1"),))
    await accounts.import_(content, "lead")
    await TriageDesk(database, CountingPipeline()).triage(a_message("m-1", "Où est ma facture ?\x00 é\u2028"))
    return database


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'elsewhere' / 'aiguilleur.db'}"
    cluster: Cluster = request.getfixturevalue("postgres")
    return cluster.create()


@pytest.fixture
def empty_sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'there' / 'aiguilleur.db'}"


def rows_of(database: Database) -> Rows:
    """Every row of every table that is copied, as values that are equal on both databases."""
    with database.reading() as transaction:
        found = {table.name: transaction.execute(table.select()).all() for table in tables(transaction)}
    return {name: sorted((tuple(map(_plain, row)) for row in rows), key=repr) for name, rows in found.items()}


def _plain(value: Any) -> Any:
    return value.replace(tzinfo=None) if hasattr(value, "tzinfo") else value


async def test_a_store_is_the_same_elsewhere_whichever_database_is_there(
    filled: Database, elsewhere: str, tmp_path: Path
) -> None:
    file = back_up(filled, tmp_path, NOW)
    assert file.stat().st_mode & 0o777 == 0o600
    other = Database(elsewhere)
    counts = restore(other, file)
    assert counts["messages"] == counts["confirmed"] == counts["answers"] == counts["playbooks"] == 1
    assert rows_of(other) == rows_of(filled)
    assert not migrate(other)
    again = await TriageDesk(other, CountingPipeline()).triage(a_message("m-2"))
    assert again.account == "club"
    other.close()


async def test_what_came_in_while_it_was_written_is_in_it_whole_or_not_at_all(
    filled: Database, empty_sqlite: str, tmp_path: Path
) -> None:
    started, enough = threading.Event(), threading.Event()

    def hand_in() -> None:
        asyncio.run(_hand_in(filled, started, enough))

    handing = threading.Thread(target=hand_in)
    handing.start()
    assert started.wait(60)
    file = back_up(filled, tmp_path, NOW)
    enough.set()
    handing.join()
    other = Database(empty_sqlite)
    counts = restore(other, file)
    taken, everything = rows_of(other), rows_of(filled)
    assert 2 < counts["messages"] <= len(everything["messages"])
    assert counts["triages"] == counts["cases"] == counts["messages"]
    for name, rows in taken.items():
        assert set(rows) <= set(everything[name]), name
    other.close()


async def _hand_in(database: Database, started: threading.Event, enough: threading.Event) -> None:
    desk, number = TriageDesk(database, CountingPipeline()), 0
    while not enough.is_set():
        number += 1
        await desk.triage(a_message(f"in-{number}"))
        if number == 3:
            started.set()


async def test_what_is_stored_is_lost_only_where_that_is_said(filled: Database, tmp_path: Path) -> None:
    file = back_up(filled, tmp_path / "one", NOW)
    before = rows_of(filled)
    await TriageDesk(filled, CountingPipeline()).triage(a_message("later"))
    with pytest.raises(ConflictError, match="--replace"):
        restore(filled, file)
    assert rows_of(filled) != before
    restore(filled, file, replace=True)
    assert rows_of(filled) == before


async def test_half_a_backup_changes_nothing(filled: Database, tmp_path: Path) -> None:
    whole = back_up(filled, tmp_path / "one", NOW).read_bytes()
    (tmp_path / "half").write_bytes(whole[: int(len(whole) * 0.9)])
    said = gzip.decompress(whole).decode().splitlines(keepends=True)
    (tmp_path / "without its end").write_bytes(gzip.compress("".join(said[:-1]).encode()))
    (tmp_path / "something else").write_bytes(gzip.compress(b"{}\n"))
    before = rows_of(filled)
    for name in ("half", "without its end", "something else", "nothing"):
        with pytest.raises(RefusedError):
            restore(filled, tmp_path / name, replace=True)
        assert rows_of(filled) == before
    with filled.reading() as transaction:
        assert revision(transaction) == HEAD


async def test_a_byte_that_went_wrong_on_the_way_is_noticed_wherever_it_is(filled: Database, tmp_path: Path) -> None:
    """A digit in the middle of a row: each line can be read, and there are as many as there should be."""
    whole = back_up(filled, tmp_path / "one", NOW).read_bytes()
    said = gzip.decompress(whole)
    damaged = gzip.compress(said.replace(b"facture ?", b"facturf ?", 1), 0)
    (tmp_path / "damaged").write_bytes(damaged[:-8] + gzip.compress(said, 0)[-8:])
    before = rows_of(filled)
    with pytest.raises(RefusedError, match="not a whole backup"):
        restore(filled, tmp_path / "damaged", replace=True)
    assert rows_of(filled) == before


@pytest.mark.parametrize(
    "said",
    [
        '{"aiguilleur":1}',
        '{"aiguilleur":1,"revision":17,"at":"","keys":[]}',
        '{"aiguilleur":1,"revision":"0017","at":""}',
        "[" * 100_000,
    ],
)
def test_what_only_looks_like_a_backup_is_refused_in_words(empty_sqlite: str, tmp_path: Path, said: str) -> None:
    (tmp_path / "file").write_bytes(gzip.compress(said.encode()))
    with closing(Database(empty_sqlite)) as other, pytest.raises(RefusedError, match="not a whole backup"):
        restore(other, tmp_path / "file")


async def test_a_disk_that_is_full_is_told_and_leaves_nothing_behind(filled: Database, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(RefusedError, match="cannot be written") as refused:
            back_up(filled, folder, NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "room" in refused.value.problems[0].message
    assert not list(folder.iterdir())


async def test_two_backups_at_a_time_do_not_write_into_one_file(filled: Database, tmp_path: Path) -> None:
    """Nor does one write where a link of somebody else's leads to, put under the name of an unfinished backup."""
    file, elsewhere = tmp_path / "store.gz", tmp_path / "theirs"
    elsewhere.write_text("theirs", "utf-8")
    (tmp_path / f".{file.name}.part").symlink_to(elsewhere)
    with ThreadPoolExecutor(4) as threads:
        tries = [threads.submit(back_up, filled, file, NOW) for _ in range(4)]
    made = [each for each in tries if each.exception() is None]
    assert made
    assert restore(filled, file, replace=True)["messages"] == 1
    assert elsewhere.read_text("utf-8") == "theirs"


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
async def test_a_store_that_somebody_works_on_is_left_alone(filled: Database, url: str, tmp_path: Path) -> None:
    """On PostgreSQL its locks see to that."""
    file = back_up(filled, tmp_path / "one", NOW)
    working = Database(url)
    with working.reading() as transaction:
        transaction.execute(text("SELECT count(*) FROM messages"))
    with pytest.raises(ConflictError, match="stop every"):
        restore(filled, file, replace=True)
    working.close()
    assert restore(filled, file, replace=True)["messages"] == 1


def test_a_sealed_store_asks_for_its_own_key(url: str, empty_sqlite: str, tmp_path: Path) -> None:
    right, wrong = new_key(), new_key()
    sealed = Database(url, keyring_of(right))
    with sealed.writing() as transaction:
        register(transaction, NOW)
        transaction.execute(text("INSERT INTO accounts VALUES ('club', 'Club', '2026-01-01 00:00:00')"))
    asyncio.run(Intake(sealed, lambda: None).receive(a_message("m-1", "Zorglub", account="club")))
    file = back_up(sealed, tmp_path, NOW)
    assert b"Zorglub" not in gzip.decompress(file.read_bytes())
    for given in ("", wrong):
        other = Database(empty_sqlite, keyring_of(given))
        with pytest.raises(RefusedError, match="key") as refused:
            restore(other, file)
        assert keyring_of(right).newest in refused.value.problems[0].message  # type: ignore[union-attr]
        other.close()
    other = Database(empty_sqlite, keyring_of(f"{wrong},{right}"))
    assert restore(other, file)["messages"] == 1
    other.close()
    sealed.close()


def test_every_table_is_copied_or_said_not_to_be(database: Database) -> None:
    with database.reading() as transaction:
        copied = {table.name for table in tables(transaction)}
    assert copied | DERIVED | FLEETING | OF_TABLES == set(METADATA.tables)


def test_a_file_that_is_there_is_not_written_over(database: Database, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine", "utf-8")
    with pytest.raises(ConflictError):
        back_up(database, tmp_path / "mine", NOW)
    with pytest.raises(RefusedError):
        back_up(database, tmp_path / "nowhere" / "one", NOW)
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []
