"""`aiguilleur worker`: everything that `serve` does except to answer. For more machines on one database."""

import asyncio
import os
import signal
from contextlib import ExitStack
from pathlib import Path

import click

from service.cli.options import settings_for
from service.errors import FieldProblem, RefusedError
from service.heap import few_heaps
from service.lifeline import end_within
from service.log import configure
from service.wiring import Desk, open_desk

BEAT_S = 5.0
NICENESS = 10
"""What waits is on disk, a caller is not: where both want one processor, what answers gets nine parts in ten."""


@click.command()
@click.option(
    "--alive",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file that is touched every five seconds, for whoever watches this process.",
)
@click.option("--metrics-host", default="127.0.0.1", show_default=True)
@click.option(
    "--metrics-port",
    type=click.IntRange(0, 65535),
    help="Prometheus asks there for what this process did: no `serve` counts it. 0: any that is free.",
)
def worker(alive: Path | None, metrics_host: str, metrics_port: int | None) -> None:
    """Triage what was handed in, tell webhooks, refit and purge, without answering calls. Any number of these and of
    `serve` share one PostgreSQL; on one machine with `serve`, answers go first. SIGTERM gives back what is not done
    within ten seconds."""
    configure("lines")
    few_heaps()
    os.nice(NICENESS)
    settings = settings_for().model_copy(update={"works": True})  # whatever a `serve` beside it is told
    desk = open_desk(settings, index=bool(settings.chroma_url))
    click.echo(f"Aiguilleur works as {desk.worker.name}, and answers no calls.", err=True)
    with ExitStack() as held:
        if metrics_port is not None:
            _answer(held, desk, metrics_host, metrics_port)
        asyncio.run(_work(desk, alive))


def _answer(held: ExitStack, desk: Desk, host: str, port: int) -> None:
    """Until `held` is left."""
    try:
        found = held.enter_context(desk.metrics.answering(host, port))
    except OSError as error:
        cure = f"{error.strerror or error}; give another port, or stop what uses it"
        problem = FieldProblem("--metrics-port, --metrics-host", cure)
        raise RefusedError(f"Nothing can be told on {host}:{port}.", (problem,)) from error
    click.echo(f"What it counts is on http://{host}:{found}/metrics", err=True)


async def _work(desk: Desk, alive: Path | None) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with desk.running():
        beating = asyncio.create_task(_beat(desk, alive))
        await stop.wait()
        end_within()
        beating.cancel()


async def _beat(desk: Desk, alive: Path | None) -> None:
    """On the event loop that works: where that hangs, the file grows old."""
    while True:
        if alive is not None:
            alive.touch()  # noqa: ASYNC240 - in a thread it would wait for whatever else holds the threads up
        desk.metrics.breakers(desk.health.breakers())
        await asyncio.sleep(BEAT_S)
