"""Engines of durable work beside the leases on message rows (docs/adr/0016): how fast work is handed in and done, and
what becomes of it after kill -9.

    python -m evals.bench.engines ours sqlite:////tmp/a.db
    OTHER_VENV/bin/python evals/bench/engines.py dbos|procrastinate|pgqueuer postgresql://…

The others are no dependency of ours: they run in an environment of their own, on an empty database. Each engine is
handed jobs one by one by eight callers at once, as POST /v1/messages does, and does eight at a time. A job notes its
number in a file, so that no engine is measured by its own word.
"""

import asyncio
import contextlib
import importlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

JOBS = 300
AT_ONCE = 8
SLOW_S = 0.05
LOST_AFTER_S = 60.0
FIRST = 10_000
"""Number of the first job of those that a kill interrupts."""

Job = Callable[[int], Awaitable[None]]


class Ours:
    """A row of `messages`, leased and settled as the worker does."""

    def __init__(self, url: str, job: Job) -> None:
        from datetime import timedelta  # noqa: PLC0415

        from service.desk.intake.backlog import Backlog  # noqa: PLC0415
        from service.storage.database import Database  # noqa: PLC0415
        from service.storage.migrate import migrate  # noqa: PLC0415

        self.database, self.job = Database(url), job
        migrate(self.database)
        self.backlog = Backlog(self.database, lease=timedelta(seconds=5))

    async def open(self) -> None:
        from service.desk.clock import utc_now  # noqa: PLC0415
        from service.storage import accounts  # noqa: PLC0415

        await self.database.write(accounts.ensure, "bench", "bench", "bench", utc_now())

    async def enqueue(self, number: int) -> None:
        from service.desk.clock import utc_now  # noqa: PLC0415
        from service.domain.message import Message  # noqa: PLC0415
        from service.storage import messages  # noqa: PLC0415
        from service.storage.ids import new_id  # noqa: PLC0415

        message = Message(external_id=str(number), account="bench", body="Bonjour")
        given = (new_id(), message, message.fingerprint, "received", utc_now())
        await self.database.write(messages.add, *given)

    async def work(self, done: Callable[[], bool]) -> None:
        from service.storage import messages  # noqa: PLC0415

        name, busy = f"bench:{os.getpid()}", set[asyncio.Task[None]]()

        async def one(message_id: str) -> None:
            message = await self.database.read(messages.load, message_id)
            assert message is not None
            await self.job(int(message.external_id or 0))
            await self.database.write(messages.settle, message_id, name)

        while not done():
            for message_id in await self.backlog.take(name, AT_ONCE - len(busy)):
                task = asyncio.create_task(one(message_id))
                busy.add(task)
                task.add_done_callback(busy.discard)
            await asyncio.wait([*busy, asyncio.create_task(asyncio.sleep(0.2))], return_when="FIRST_COMPLETED")


class Dbos:
    """A workflow of one step, on a queue."""

    def __init__(self, url: str, job: Job) -> None:
        dbos = importlib.import_module("dbos")
        self.DBOS = dbos.DBOS
        given = {"name": "bench", "system_database_url": url, "log_level": "ERROR", "application_version": "1"}
        self.DBOS(config=given)
        self.flow = self.DBOS.workflow(name="job")(job)

    async def open(self) -> None:
        self.DBOS.launch()
        await self.DBOS.register_queue_async("bench", worker_concurrency=AT_ONCE, polling_interval_sec=0.1)

    async def enqueue(self, number: int) -> None:
        await self.DBOS.enqueue_workflow_async("bench", self.flow, number)

    async def work(self, done: Callable[[], bool]) -> None:
        while not done():  # noqa: ASYNC110 - its threads work
            await asyncio.sleep(0.05)
        self.DBOS.destroy()


class Procrastinate:
    def __init__(self, url: str, job: Job) -> None:
        procrastinate = importlib.import_module("procrastinate")
        self.app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url))
        self.task = self.app.task(name="job")(job)

    async def open(self) -> None:
        await self.app.open_async()
        with contextlib.suppress(Exception):  # it is there already
            await self.app.schema_manager.apply_schema_async()

    async def enqueue(self, number: int) -> None:
        await self.task.defer_async(number=number)

    async def work(self, done: Callable[[], bool]) -> None:
        worker = asyncio.create_task(
            self.app.run_worker_async(
                concurrency=AT_ONCE, fetch_job_polling_interval=0.2, install_signal_handlers=False
            )
        )
        while not done():
            for stalled in await self.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=30):
                with contextlib.suppress(Exception):  # as its documentation does in a task; it may be done by now
                    await self.app.job_manager.retry_job(stalled)
            await asyncio.sleep(0.2)
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)


class PgQueuer:
    def __init__(self, url: str, job: Job) -> None:
        self.url, self.job = url, job

    async def open(self) -> None:
        pgqueuer, asyncpg = importlib.import_module("pgqueuer"), importlib.import_module("asyncpg")
        pool = await asyncpg.create_pool(self.url, min_size=2, max_size=AT_ONCE)
        self.driver = pgqueuer.AsyncpgPoolDriver(pool)
        self.queries = pgqueuer.Queries(self.driver)
        with contextlib.suppress(Exception):  # it is there already
            await self.queries.install()

    async def enqueue(self, number: int) -> None:
        await self.queries.enqueue("job", str(number).encode())

    async def work(self, done: Callable[[], bool]) -> None:
        from datetime import timedelta  # noqa: PLC0415

        queue = importlib.import_module("pgqueuer").PgQueuer(self.driver)

        @queue.entrypoint("job")  # type: ignore[untyped-decorator]
        async def job(taken: Any) -> None:
            await self.job(int(taken.payload))

        beat = timedelta(seconds=5)
        worker = asyncio.create_task(queue.run(beat, AT_ONCE, max_concurrent_tasks=2 * AT_ONCE, heartbeat_timeout=beat))
        while not done():  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)


ENGINES: dict[str, Callable[[str, Job], Any]] = {
    "ours": Ours,
    "dbos": Dbos,
    "procrastinate": Procrastinate,
    "pgqueuer": PgQueuer,
}


class Notes:
    """The numbers of the jobs that were done, in a file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._open = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def add(self, number: int) -> None:
        os.write(self._open, f"{number}\n".encode())

    def counts(self) -> Counter[str]:
        return Counter(self.file.read_text("utf-8").split())


def engine_of(name: str, url: str, notes: Notes, slow_s: float) -> Any:
    async def job(number: int) -> None:
        if slow_s:
            await asyncio.sleep(slow_s)
        notes.add(number)

    return ENGINES[name](url, job)


async def handed_in(engine: Any, first: int, count: int) -> float:
    """Jobs a second, from eight callers."""
    began, numbers = time.perf_counter(), iter(range(first, first + count))

    async def caller() -> None:
        for number in numbers:
            await engine.enqueue(number)

    await asyncio.gather(*(caller() for _ in range(AT_ONCE)))
    return count / (time.perf_counter() - began)


async def measured(name: str, url: str, folder: Path) -> None:
    notes = Notes(folder / "quick")
    engine = engine_of(name, url, notes, 0.0)
    await engine.open()
    in_s = await handed_in(engine, 0, JOBS)
    began = time.perf_counter()
    await engine.work(lambda: len(notes.counts()) >= JOBS)
    out_s = JOBS / (time.perf_counter() - began)
    print(f"{name}: {in_s:.0f} handed in a second, {out_s:.0f} done a second", flush=True)


async def worked(name: str, url: str, file: Path) -> None:
    """A process of its own, to be killed: hands in where nobody has, then works."""
    notes = Notes(file)
    engine = engine_of(name, url, notes, SLOW_S)
    await engine.open()
    if not notes.counts():
        await handed_in(engine, FIRST, JOBS)
        notes.add(-1)
    await engine.work(lambda: len(notes.counts()) > JOBS)


def killed(name: str, url: str, folder: Path) -> None:
    """kill -9 with work in hand, then another process: what is done twice, what not, and how long it takes."""
    file = folder / "killed"
    notes = Notes(file)
    command = [sys.executable, *(["-m", "evals.bench.engines"] if name == "ours" else [__file__]), name, url, str(file)]
    first = subprocess.Popen(command)
    while len(notes.counts()) < JOBS // 3:
        time.sleep(0.01)
    first.send_signal(signal.SIGKILL)
    first.wait()
    before, began = len(notes.counts()), time.monotonic()
    second = subprocess.Popen(command)
    while len(notes.counts()) <= JOBS and time.monotonic() - began < LOST_AFTER_S:
        time.sleep(0.05)
    seconds = time.monotonic() - began
    second.kill()
    second.wait()
    counts = {number: count for number, count in notes.counts().items() if int(number) >= FIRST}
    twice, lost = sum(count > 1 for count in counts.values()), JOBS - len(counts)
    print(f"{name}: killed after {before}; {lost} not done {seconds:.1f} s later, {twice} done twice", flush=True)


def main(arguments: list[str]) -> None:
    name, url, *file = arguments
    if file:
        asyncio.run(worked(name, url, Path(file[0])))
        return
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measured(name, url, Path(folder)))
        killed(name, url, Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
