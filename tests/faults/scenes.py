"""Which faults are done to which service."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from tests.faults import deaths, outages
from tests.faults.proxy import Line
from tests.faults.stage import Stage, staged
from tests.faults.steps import Plan
from tests.postgres import Cluster
from tests.retrieval.chroma_process import ChromaProcess

Fault = Callable[[Stage], Awaitable[None]]
Faults = dict[str, Fault]
STEPS = ("intake", "take", "triage", "parcel", "told")
ASKS = {"model": "openai/loopback", "model_api_key": "x"}


def killed_at(*steps: str, sides: tuple[bool, ...] = (False, True)) -> Faults:
    """Before each of these commits and after it."""
    return {str(plan): _killed(plan) for plan in (Plan(step, after) for step in steps for after in sides)}


def _killed(plan: Plan) -> Fault:
    async def fault(stage: Stage) -> None:
        await deaths.killed_at(stage, plan)

    return fault


@asynccontextmanager
async def embedded() -> AsyncIterator[tuple[Stage, Faults]]:
    """Two processes on one SQLite file."""
    faults: Faults = {
        **killed_at(*STEPS),
        "kill -9 during the webhook": deaths.killed_during_the_webhook,
        "frozen past its lease": deaths.frozen_past_its_lease,
        "disk full": deaths.full_disk,
    }
    with tempfile.TemporaryDirectory() as folder:
        async with staged(Path(folder)) as stage:
            yield stage, faults


@asynccontextmanager
async def clocked(control: Path) -> AsyncIterator[tuple[Stage, Faults]]:
    """For a process whose clock `control` sets."""

    async def stepped(stage: Stage) -> None:
        await deaths.clock_steps_back(stage, control)

    with tempfile.TemporaryDirectory() as folder:
        async with staged(Path(folder)) as stage:
            yield stage, {"clock an hour back, and forward": stepped}


@asynccontextmanager
async def on_postgres(running: Cluster) -> AsyncIterator[tuple[Stage, Faults]]:
    """Two processes on one PostgreSQL, each behind a line of its own."""

    async def reach() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_unix_connection(f"{running.folder}/.s.PGSQL.5432")

    url = running.create()
    database = url.partition("?")[0].rpartition("/")[2]
    lines = [await Line(reach).start() for _ in range(2)]
    urls = [f"postgresql://postgres@127.0.0.1:{line.port}/{database}" for line in lines]
    faults: Faults = {
        **killed_at(*STEPS),
        "kill -9 during the webhook": deaths.killed_during_the_webhook,
        "frozen past its lease": deaths.frozen_past_its_lease,
        "PostgreSQL's connections cut": lambda stage: outages.connections_cut(stage, running),
        "PostgreSQL restarted": lambda stage: outages.postgres_restarted(stage, running),
        "two workers cut off from each other": lambda stage: outages.one_cut_off(stage, lines),
    }
    try:
        with tempfile.TemporaryDirectory() as folder:
            async with staged(Path(folder), url, urls) as stage:
                yield stage, faults
    finally:
        for line in lines:
            await line.close()


@asynccontextmanager
async def with_model(running: Cluster) -> AsyncIterator[tuple[Stage, Faults]]:
    """Two processes on PostgreSQL and a Chroma server; every message asks the model."""
    with tempfile.TemporaryDirectory() as name:
        folder, files = Path(name), Path(name) / "chroma-server"
        chroma = ChromaProcess(files)
        await asyncio.to_thread(chroma.start)
        port = int(chroma.url.rpartition(":")[2])
        line = await Line(lambda: asyncio.open_connection("127.0.0.1", port)).start()
        faults: Faults = {
            **killed_at("answer"),
            "kill -9 during the model call": deaths.killed_during_the_model_call,
            "kill -9 during the Chroma write": lambda stage: deaths.killed_during_the_chroma_write(stage, line),
            "Chroma server stopped": lambda stage: outages.chroma_stopped(stage, chroma),
            "Chroma server slow": lambda stage: outages.chroma_slow(stage, line),
            "index unreadable": lambda stage: outages.index_unreadable(stage, chroma, files),
            "model slow": lambda stage: outages.model_misbehaves(stage, "slow:3"),
            "model down": lambda stage: outages.model_misbehaves(stage, "503"),
            "model rate-limiting": lambda stage: outages.model_misbehaves(stage, "429:1", "ok", "429:1", "ok"),
            "model answers rubbish": lambda stage: outages.model_misbehaves(stage, "nonsense", "html"),
        }
        chroma_url = f"http://127.0.0.1:{line.port}"
        try:
            async with staged(folder, running.create(), chroma_url=chroma_url, **ASKS) as stage:
                yield stage, faults
        finally:
            chroma.stop()
            await line.close()
