"""The fixture `database`: every test that asks for it runs on SQLite and on PostgreSQL.

tests/service/conftest.py takes it in.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from service.storage.database import Database
from service.storage.migrate import HEAD, migrate
from service.storage.schema import METADATA
from tests.postgres import WITHOUT, Cluster, cluster


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    if os.environ.get(WITHOUT) == "1":
        pytest.skip(f"{WITHOUT}=1")
    with cluster() as running:
        yield running


@pytest.fixture(scope="session")
def migrated(postgres: Cluster) -> str:
    """The URL of a database with all tables, which tests take turns with: a new one for each costs 0.3 s."""
    url = postgres.create()
    database = Database(url)
    migrate(database)
    database.close()
    return url


def emptied(url: str) -> str:
    """The same database without rows and without anybody connected to it."""
    tables = ", ".join(table.name for table in METADATA.sorted_tables)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.execute("SET session_replication_role = replica")  # the trigger that keeps events would refuse
        connection.execute(f"TRUNCATE {tables}".encode())
        connection.execute("UPDATE alembic_version SET version_num = %s", (HEAD,))
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@pytest.fixture
def empty_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'aiguilleur.db'}"
    cluster: Cluster = request.getfixturevalue("postgres")
    return cluster.create()


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with all tables."""
    if kind == "postgresql":
        return emptied(request.getfixturevalue("migrated"))
    url = f"sqlite:///{tmp_path / 'aiguilleur.db'}"
    database = Database(url)
    migrate(database)
    database.close()
    return url


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()
