"""What is stored stays whole, whatever happens to the process or to the disk."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, text

from service.errors import RefusedError, UnavailableError
from service.storage import accounts, messages, triages
from service.storage.database import Database
from service.storage.triages import Concluded
from tests.service.samples import ACCOUNT, NOW, a_message, a_triage

ROOT = Path(__file__).parents[3]

PARTS = """
SELECT m.id, (SELECT count(*) FROM triages t WHERE t.message_id = m.id),
  (SELECT count(*) FROM cases c WHERE c.message_id = m.id), (SELECT count(*) FROM events e WHERE e.subject = m.id)
FROM messages m
"""


@pytest.fixture
def club(database: Database) -> str:
    with database.writing() as transaction:
        accounts.ensure(transaction, ACCOUNT, "Club", "", NOW)
    return ACCOUNT


def concluded(name: str, body: str = "Où en est ma facture ?") -> Concluded:
    message = a_message(name, body, account=ACCOUNT)
    return Concluded(message, a_triage(message, name), message.fingerprint)


def test_a_kill_in_the_middle_of_a_transaction_leaves_whole_messages_and_loses_none(
    database: Database, url: str, club: str
) -> None:
    said: set[str] = set()
    for patience in (3, 1, 5):
        command = [sys.executable, "-m", "tests.service.storage.endless", url]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        said.update(process.stdout.readline().strip() for _ in range(patience))
        process.kill()
        said.update(line.strip() for line in process.stdout)
        process.stdout.close()
        process.wait()
        with database.reading() as transaction:
            kept = {id_: tuple(parts) for id_, *parts in transaction.execute(text(PARTS))}
            if database.embedded:
                assert transaction.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        assert said <= kept.keys()
        assert set(kept.values()) == {(1, 1, 2)}


def fill(database: Database) -> None:
    for n in range(100):
        with database.writing() as transaction:
            triages.store_new(transaction, concluded(f"m-{n}", "x" * 9_000), NOW)


def test_a_full_disk_is_unavailable_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    from service.storage.migrate import migrate

    database = Database(f"sqlite:///{tmp_path / 'small.db'}")
    migrate(database)
    with database.writing() as transaction:
        accounts.ensure(transaction, ACCOUNT, "Club", "", NOW)
        pages = transaction.execute(text("PRAGMA page_count")).scalar_one()
    limit = f"PRAGMA max_page_count = {pages + 40}"
    event.listen(database.engine, "checkout", lambda raw, *_: raw.execute(limit))
    with pytest.raises(UnavailableError, match="SQLITE_FULL"):
        fill(database)
    with database.reading() as transaction:
        kept = {id_: tuple(parts) for id_, *parts in transaction.execute(text(PARTS))}
    assert kept
    assert set(kept.values()) == {(1, 1, 2)}
    database.close()


def test_an_error_halfway_undoes_everything(database: Database, club: str) -> None:
    def halfway() -> None:
        with database.writing() as transaction:
            triages.store_new(transaction, concluded("m-1"), NOW)
            raise ValueError("halfway")

    with pytest.raises(ValueError, match="halfway"):
        halfway()
    with database.reading() as transaction:
        assert messages.find(transaction, ACCOUNT, "m-1") is None


def test_a_database_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    gone = Database("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(UnavailableError), gone.reading():
        pass
    folder = tmp_path / "a.db"
    folder.mkdir()
    with pytest.raises(UnavailableError, match="SQLITE_CANTOPEN"), Database(f"sqlite:///{folder}").reading():
        pass


def test_closing_leaves_no_connection_open_not_even_one_that_is_in_use(database: Database) -> None:
    opened: list[Any] = []
    event.listen(database.engine, "connect", lambda raw, _: opened.append(raw))
    with database.reading():
        database.close()
    with database.reading():
        pass
    assert len(opened) == 2
    assert [is_open(raw) for raw in opened] == [False, False]


def is_open(raw: Any) -> bool:
    try:
        raw.execute("SELECT 1")
    except (sqlite3.ProgrammingError, psycopg.OperationalError):
        return False
    return True


def test_a_connection_that_cannot_be_set_up_is_closed(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    file.write_bytes(b"no database at all " * 100)
    opened: list[Any] = []
    with closing(Database(f"sqlite:///{file}")) as database:
        event.listen(database.engine, "connect", lambda raw, _: opened.append(raw), insert=True)
        with pytest.raises(UnavailableError), database.reading():
            pass
    assert [is_open(raw) for raw in opened] == [False]


@pytest.mark.parametrize(
    "url", ["mysql://x/y", "no url", "", "sqlite://", "sqlite:///:memory:", "sqlite:////proc/x/a.db"]
)
def test_a_url_that_cannot_work_is_refused_with_the_cure(url: str) -> None:
    with pytest.raises(RefusedError) as refused:
        Database(url)
    assert refused.value.problems[0].field == "AIGUILLEUR_DATABASE_URL"


def test_a_new_database_is_for_its_owner_only(tmp_path: Path) -> None:
    from service.storage.migrate import migrate

    database = Database(f"sqlite:///{tmp_path / 'new' / 'a.db'}")
    migrate(database)
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "new").iterdir()} == {0}
    database.close()


@pytest.mark.parametrize("statement", ["UPDATE events SET kind = 'x'", "DELETE FROM events"])
def test_events_can_only_be_added(database: Database, club: str, statement: str) -> None:
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError, match="append-only"), database.writing() as transaction:
        transaction.execute(text(statement))


def test_no_error_tells_what_a_customer_wrote(database: Database, club: str) -> None:
    from sqlalchemy.exc import IntegrityError

    homeless = a_message("m-2", "mon secret", account="nowhere")
    with pytest.raises(IntegrityError) as refused, database.writing() as transaction:
        messages.add(transaction, "m-2", homeless, "", "received", NOW)
    assert "secret" not in str(refused.value)
