"""Migrations: from nothing to this program's tables, once, whoever starts."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from service.errors import UnavailableError
from service.storage.database import Database
from service.storage.learned import exam, versions
from service.storage.migrate import HEAD, SCRIPTS, migrate, revision
from service.storage.schema import METADATA

STARTS = "import sys; from service.storage.database import Database; from service.storage.migrate import migrate; "
STARTS += "print(migrate(Database(sys.argv[1])))"


@pytest.fixture
def empty(empty_url: str) -> Database:
    return Database(empty_url)


def test_an_empty_database_gets_all_tables_and_a_second_start_does_nothing(empty: Database) -> None:
    assert migrate(empty)
    assert not migrate(empty)
    with empty.reading() as transaction:
        assert revision(transaction) == HEAD
    empty.close()


def test_models_and_migrations_say_the_same(database: Database) -> None:
    with database.reading() as transaction:
        asked = {"compare_type": True, "include_name": lambda name, *_: "findable_words" not in str(name)}
        differences = compare_metadata(MigrationContext.configure(transaction, opts=asked), METADATA)
    assert differences == []


def test_the_head_that_a_start_checks_is_the_newest_script() -> None:
    assert ScriptDirectory.from_config(Config(config_args={"script_location": str(SCRIPTS)})).get_current_head() == HEAD


def test_four_processes_that_start_at_once_make_the_tables_once(empty_url: str) -> None:
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", STARTS, empty_url]
    starts = [subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = sorted(start.communicate(timeout=60)[0].strip() for start in starts)
    assert said == ["False", "False", "False", "True"]


def test_a_store_of_the_first_release_keeps_what_it_learned(empty: Database) -> None:
    with empty.writing() as transaction:
        settings = Config(attributes={"connection": transaction})
        settings.set_main_option("script_location", str(SCRIPTS))
        command.upgrade(settings, "0001")
        transaction.execute(text("INSERT INTO accounts VALUES ('club', 'Club', '2026-01-01 00:00:00')"))
        learned = "INSERT INTO learned VALUES ('club', 'v1', :bundle, '{}', 'p1', '2026-01-01 00:00:00', true)"
        transaction.execute(text(learned), {"bundle": b"bundle"})
    assert migrate(empty)
    with empty.reading() as transaction:
        (version,) = versions(transaction, "club")
        assert (version.version, version.active, exam(transaction, "club", "v1")) == ("v1", True, None)
    empty.close()


def test_tables_that_a_newer_program_added_to_are_used_as_they_are(database: Database) -> None:
    with database.writing() as transaction:
        transaction.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        transaction.execute(text("DELETE FROM schema_floor"))
        transaction.execute(text("INSERT INTO schema_floor VALUES (:least)"), {"least": HEAD})
    assert not migrate(database)


def test_tables_that_a_newer_program_took_something_from_are_left_alone_and_named(database: Database) -> None:
    with database.writing() as transaction:
        transaction.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        transaction.execute(text("INSERT INTO schema_floor VALUES ('9998')"))
    with pytest.raises(UnavailableError, match="9999"):
        migrate(database)
