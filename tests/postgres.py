"""A private PostgreSQL cluster for tests: its own folder, a Unix socket, nothing listening on the network."""

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

WITHOUT = "AIGUILLEUR_TESTS_WITHOUT_POSTGRES"


class Cluster:
    """A running server. `create` gives the URL of a fresh database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def create(self) -> str:
        name = f"t{uuid.uuid4().hex}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        return self.url(name)


def binaries() -> Path | None:
    """Where this machine has initdb, newest version first; None where it has none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    on_path = shutil.which("initdb")
    return found[0].parent if found else Path(on_path).parent if on_path else None


def restart(running: Cluster) -> None:
    """As after a crash: whoever is connected is cut off, and the server recovers from its log."""
    tools = binaries()
    assert tools is not None
    _run(
        tools / "pg_ctl",
        "-D",
        running.folder / "data",
        "-w",
        "-m",
        "immediate",
        "-l",
        running.folder / "log",
        "restart",
    )


@contextmanager
def cluster(durable: bool = False) -> Iterator[Cluster]:
    """A cluster for as long as the block runs. `durable` keeps fsync on, for measurements and faults."""
    tools = binaries()
    if tools is None:
        raise RuntimeError(f"PostgreSQL's server is not installed (initdb not found); {WITHOUT}=1 leaves its tests out")
    folder = Path(tempfile.mkdtemp(prefix="aiguilleur-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    options = f"-k {folder} -c listen_addresses='' -c max_connections=120"
    if not durable:
        options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    locale = ("--locale=C", "--locale-provider=icu", "--icu-locale=fr")  # which sorts otherwise than Python
    _run(tools / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N", *locale)
    _run(tools / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
    try:
        yield Cluster(folder)
    finally:
        _run(tools / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder)


def _run(*command: str | Path) -> None:
    """As the user postgres where the tests run as root: the server refuses to."""
    user = "postgres" if os.geteuid() == 0 else None
    subprocess.run([str(part) for part in command], user=user, cwd="/", check=True, stdout=subprocess.DEVNULL)
