"""`aiguilleur worker`: what it does is counted where Prometheus can ask, and it ends in time whatever holds it up."""

import asyncio
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from service.desk.intake.receiving import Intake
from service.domain.message import Message
from service.storage.database import Database
from tests.conftest import DATABASE
from tests.service.cli.command import ran, started
from tests.service.cli.conftest import Run

pytestmark = pytest.mark.timeout(240)

PROMISED_S = 10.0
DEAF = """
import socket, threading

def never(*_, **__):
    open("asked", "a").write("x")
    threading.Event().wait()

socket.getaddrinfo = never
"""
"""Python loads it first: names are asked of a server that does not answer, which nothing can end."""


def test_what_a_worker_triaged_can_be_asked_of_it(small_folder: Path) -> None:
    _hand_in(small_folder, 2)
    with _working("--metrics-port", "0", folder=small_folder) as worker:
        address = _told(worker)
        triaged = re.compile(r"^aiguilleur_triages_total\{.*\} (\d+)", re.MULTILINE)
        _until(lambda: sum(map(float, triaged.findall(_read(address)))) == 2)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PROMISED_S) == 0
    with pytest.raises(OSError, match="refused"):
        _read(address)


def test_an_address_that_is_taken_is_told(small_folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = ran(small_folder, "worker", "--metrics-port", str(taken.getsockname()[1]))
    assert (done.returncode, "--metrics-port" in done.stderr) == (2, True)


def test_a_name_server_that_does_not_answer_holds_up_neither_the_beat_nor_the_end(small_folder: Path, run: Run) -> None:
    for name in ("un", "deux"):
        assert run("webhook", "add", f"https://{name}.example.org/", data=small_folder).code == 0
    _hand_in(small_folder, 8)
    (small_folder / "sitecustomize.py").write_text(DEAF, "utf-8")
    alive, asked = small_folder / "alive", small_folder / "asked"
    with _working("--alive", alive, folder=small_folder, before=str(small_folder)) as worker:
        _until(lambda: asked.exists() and asked.stat().st_size == 8)
        seen = time.time()
        _until(lambda: alive.stat().st_mtime > seen, patience_s=15)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PROMISED_S) == 0


@contextmanager
def _working(*arguments: str | Path, folder: Path, before: str = "") -> "Iterator[subprocess.Popen[str]]":
    with started(folder, "worker", *arguments, before=before) as worker:
        try:
            yield worker
        finally:
            worker.kill()


def _hand_in(folder: Path, count: int) -> None:
    async def handed_in() -> None:
        database = Database(f"sqlite:///{folder / DATABASE}")
        intake = Intake(database, lambda: None)
        for number in range(count):
            await intake.receive(Message(account="petit", external_id=f"m-{number}", body="Où est ma facture ?"))
        database.close()

    asyncio.run(handed_in())


def _told(worker: "subprocess.Popen[str]") -> str:
    assert worker.stderr is not None
    for line in worker.stderr:
        if found := re.search(r"http://\S+/metrics", line):
            return found[0]
    raise AssertionError("it ended")


def _read(address: str) -> str:
    with urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


def _until(done: Callable[[], bool], patience_s: float = 90.0) -> None:
    end = time.monotonic() + patience_s
    while not done():
        assert time.monotonic() < end
        time.sleep(0.1)
