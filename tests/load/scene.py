"""The service as an operator starts it: `aiguilleur serve`, and as many `aiguilleur worker` beside it."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from sqlalchemy import text

from evals.bench.programs import AIGUILLEUR, environment, serving
from service.storage.database import Database
from service.wiring import build_desk
from tests.conftest import GivenSettings

WAITING = "SELECT count(*) FROM messages WHERE state = 'received'"
TRIAGED = "SELECT count(*) FROM messages WHERE state = 'triaged'"
WAITS = """
SELECT m.due_by, m.arrived_at, t.created_at FROM messages m JOIN triages t ON t.message_id = m.id
"""


class Caller:
    """A process that calls."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.load.caller"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def start(self, port: int, path: str, key: str, count: int, in_flight: int = 16, rate: float = 0.0) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{port} {path} {key} {count} {in_flight} {rate}\n")
        self._process.stdin.flush()

    def result(self) -> dict[str, Any]:
        """Blocks until the calls are made."""
        assert self._process.stdout
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


@dataclass
class Scene:
    port: int
    key: str
    database: Database
    process: int

    def spent_s(self) -> float:
        """Processor time of the serving process so far: what it costs, however busy the machine is."""
        spent = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")

    def count(self, query: str) -> int:
        with self.database.reading() as transaction:
            return int(transaction.execute(text(query)).scalar_one())

    def worked_off(self, patience_s: float = 1_800.0) -> float:
        """Seconds until nothing waits."""
        began = time.perf_counter()
        while self.count(WAITING) and time.perf_counter() - began < patience_s:
            time.sleep(0.1)
        return time.perf_counter() - began

    def out_of_order(self) -> float:
        """Of pairs of messages that waited together and are due at different times, the share in which the one that is
        due later was triaged first. Where there are many messages, of some two thousand of them."""
        with self.database.reading() as transaction:
            rows = [tuple(map(str, row)) for row in transaction.execute(text(WAITS))]
        moments = np.array(rows[:: max(1, len(rows) // 2_000)])
        due, arrived, triaged = np.unique(moments, return_inverse=True)[1].reshape(moments.shape).T
        together = np.maximum.outer(arrived, arrived) < np.minimum.outer(triaged, triaged)
        pairs = together & np.less.outer(due, due)
        return float((pairs & np.greater.outer(triaged, triaged)).sum() / max(1, pairs.sum()))


@contextmanager
def played(data: Path, url: str = "", workers: int | None = None) -> Iterator[Scene]:
    """`workers`: None, and the serving process works itself; otherwise it only takes in and answers."""
    with ExitStack() as stack:
        options = [] if workers is None else ["--no-work"]
        served = stack.enter_context(serving(data, *options, **_given(url)))
        for number in range(workers or 0):
            stack.enter_context(working(data, url, number))
        database = Database(url or f"sqlite:///{data / 'aiguilleur.db'}")
        stack.callback(database.close)
        yield Scene(served.port, served.key, database, served.process)


def _given(url: str) -> dict[str, str]:
    return {"database_url": url, "key_rate": "0", "learn_after": "0"}


@contextmanager
def working(data: Path, url: str = "", number: int = 0) -> Iterator[int]:
    """A worker, over the store of a serving process. Yields its process id."""
    alive = data / f"alive-{number}"
    variables = environment(data) | {f"AIGUILLEUR_{name.upper()}": value for name, value in _given(url).items()}
    process = subprocess.Popen(
        [AIGUILLEUR, "worker", "--alive", str(alive)], env=variables, cwd=data, stderr=subprocess.DEVNULL
    )
    try:
        while not alive.exists():
            assert process.poll() is None, "the worker did not start"
            time.sleep(0.05)
        yield process.pid
    finally:
        process.terminate()
        assert process.wait(30) == 0, "the worker did not end in order"


def advisor(data: Path, url: str) -> str:
    """The cookie of somebody who is signed in."""
    desk = build_desk(GivenSettings(data=data, database_url=url), index=False)

    async def signed_in() -> str:
        await desk.workbench.people.add("load", "advisor", by="load")
        secret = await desk.workbench.links.for_password("load", by="load")
        return (await desk.workbench.links.use(secret, "", "correct cheval pile agrafe")).secret

    try:
        return asyncio.run(signed_in())
    finally:
        desk.close()


def page_ms(scene: Scene, cookie: str) -> float:
    """Milliseconds of the desk's page."""
    began = time.perf_counter()
    headers = {"Cookie": f"aiguilleur_session={cookie}", "Accept": "text/html"}
    shown = httpx.get(f"http://127.0.0.1:{scene.port}/", headers=headers, timeout=60, trust_env=False)
    assert shown.status_code == 200
    return (time.perf_counter() - began) * 1000
