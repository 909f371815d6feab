"""What is told of a PostgreSQL that lets nobody in, and how soon one that is lost is given up."""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from threading import Thread

import psycopg
import pytest

from service.desk.upkeep.health import Health
from service.errors import UnavailableError
from service.storage.database import Database
from service.storage.engine import open_engine
from tests.postgres import Cluster


@pytest.fixture
def guarded(postgres: Cluster) -> Iterator[Cluster]:
    """Whoever is not its owner needs a password."""
    rules = postgres.folder / "data" / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text("local all postgres trust\nlocal all all scram-sha-256\n")
    try:
        with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
            connection.execute("CREATE ROLE ada LOGIN PASSWORD 'right'")
            connection.execute("SELECT pg_reload_conf()")
        yield postgres
    finally:
        rules.write_text(before)
        with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
            connection.execute("DROP ROLE ada")
            connection.execute("SELECT pg_reload_conf()")


def told(url: str) -> str:
    """As `doctor` and `/readyz` tell it."""
    with closing(Database(url)) as database:
        (check,) = asyncio.run(Health(database).checks())
    assert not check.ok
    assert "AIGUILLEUR_DATABASE_URL" in check.cure
    return check.detail


def test_a_wrong_password_is_told_from_a_server_that_is_not_there(guarded: Cluster) -> None:
    url = guarded.url("postgres").replace("postgres@", "ada:wrong@")
    assert "refuses this user or password" in told(url)
    assert "wrong" not in told(url)
    assert "refuses this user or password" in told(url.replace(":wrong", ""))
    assert "refuses the connection: no such database" in told(guarded.url("nowhere"))
    assert "does not answer" in told("postgresql://ada:wrong@127.0.0.1:1/nothing")


def test_a_connection_that_is_cut_while_it_is_used_is_no_wrong_password(guarded: Cluster) -> None:
    database = Database(guarded.url("postgres").replace("postgres@", "ada:right@"))
    with (
        closing(database),
        pytest.raises(UnavailableError, match="does not answer"),
        database.reading() as transaction,
    ):
        transaction.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")


def test_the_system_gives_up_a_server_that_is_lost_within_half_a_minute(postgres: Cluster) -> None:
    """Of addresses on the network: here a port of this machine leads to the cluster's own."""
    with port_of(f"{postgres.folder}/.s.PGSQL.5432") as port:
        url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        assert patience(url) == (20_000, 25)
        assert patience(f"{url}?tcp_user_timeout=7000&keepalives_count=1") == (7_000, 15)


def patience(url: str) -> tuple[int, int]:
    """Milliseconds for what was sent, and seconds for an answer that is waited for, until the connection is over."""
    engine = open_engine(url)
    with closing(engine.raw_connection()) as connection:
        assert connection.driver_connection
        with socket.socket(fileno=os.dup(connection.driver_connection.fileno())) as line:
            asked = (socket.TCP_USER_TIMEOUT, socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
            sent, idle, every, times = (line.getsockopt(socket.IPPROTO_TCP, option) for option in asked)
    engine.dispose()
    return sent, idle + every * times


@contextmanager
def port_of(place: str) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=_lead, args=(listener, place), daemon=True).start()
        yield listener.getsockname()[1]


def _lead(listener: socket.socket, place: str) -> None:
    with suppress(OSError):
        while True:
            caller, _ = listener.accept()
            server = socket.socket(socket.AF_UNIX)
            server.connect(place)
            for one, other in ((caller, server), (server, caller)):
                Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError), other:
        while chunk := one.recv(65_536):
            other.sendall(chunk)
