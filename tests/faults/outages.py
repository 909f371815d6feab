"""Faults of what the service stands on: PostgreSQL, the Chroma server, the model."""

import asyncio
import shutil
from pathlib import Path

import psycopg

from tests.faults.proxy import Line
from tests.faults.stage import LEASE_S, Stage
from tests.postgres import Cluster, restart
from tests.retrieval.chroma_process import ChromaProcess


async def connections_cut(stage: Stage, cluster: Cluster) -> None:
    """Three times while messages stream in."""
    sending = asyncio.create_task(stage.send(20))
    for _ in range(3):
        await asyncio.sleep(0.3)
        await asyncio.to_thread(_cut, cluster)
        stage.struck("cut")
    await sending


async def postgres_restarted(stage: Stage, cluster: Cluster) -> None:
    """As after a crash of its own, which it recovers from."""
    sending = asyncio.create_task(stage.send(20))
    await asyncio.sleep(0.3)
    await asyncio.to_thread(restart, cluster)
    stage.struck("restarted")
    await sending


async def one_cut_off(stage: Stage, lines: list[Line]) -> None:
    """One process hears nothing from the database for longer than its leases last; it lives, and its peer works."""
    stage.model.latency_s = 0.5
    sending = asyncio.create_task(stage.send(20))
    await asyncio.sleep(0.5)
    lines[0].be("dumb")
    stage.struck("cut off")
    await asyncio.sleep(LEASE_S + 3)
    lines[0].be("cut")
    lines[0].be("well")
    stage.model.latency_s = 0.0
    await sending


async def chroma_stopped(stage: Stage, chroma: ChromaProcess) -> None:
    chroma.stop()
    stage.struck("stopped")
    await stage.send(10)
    await stage.all_told()
    await asyncio.to_thread(chroma.start)


async def chroma_slow(stage: Stage, line: Line) -> None:
    line.be("slow")
    stage.struck("slow")
    await stage.send(10)
    await stage.all_told()
    line.be("well")


async def index_unreadable(stage: Stage, chroma: ChromaProcess, folder: Path) -> None:
    """The server starts over files that are overwritten with rubbish."""
    await asyncio.to_thread(chroma.stop)
    await asyncio.to_thread(_spoil, folder)
    stage.struck("unreadable")
    await stage.send(10)
    await stage.all_told()
    await asyncio.to_thread(shutil.rmtree, folder)
    await asyncio.to_thread(chroma.start)


async def model_misbehaves(stage: Stage, *behaviours: str) -> None:
    stage.model.script(*behaviours)
    stage.struck(behaviours[0])
    await stage.send(12)
    await stage.all_told()
    stage.model.script("ok")


def _cut(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")


def _spoil(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            file.write_bytes(b"\xff" * 4096)
