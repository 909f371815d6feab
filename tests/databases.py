"""The fixture `database`: every test that asks for it runs on SQLite and on PostgreSQL.

A folder's conftest takes it in with `from tests.databases import database, postgres, url`.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.storage.database import Database
from service.storage.migrate import migrate
from tests.postgres import WITHOUT, Cluster, cluster


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    if os.environ.get(WITHOUT) == "1":
        pytest.skip(f"{WITHOUT}=1")
    with cluster() as running:
        yield running


@pytest.fixture(scope="session")
def migrated(postgres: Cluster) -> str:
    """The name of a database with all tables, which others are copied from."""
    url = postgres.create()
    database = Database(url)
    migrate(database)
    database.close()
    return url.partition("@/")[2].partition("?")[0]


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
        cluster: Cluster = request.getfixturevalue("postgres")
        return cluster.create(request.getfixturevalue("migrated"))
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
