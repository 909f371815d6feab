"""`aiguilleur worker`: everything that `serve` does except to answer. For more machines on one database."""

import asyncio
import os
import signal
from pathlib import Path

import click

from service.cli.options import settings_for
from service.heap import few_heaps
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
def worker(alive: Path | None) -> None:
    """Triage what was handed in, tell webhooks, refit and purge, without answering calls. Any number of these and of
    `serve` share one PostgreSQL; on one machine with `serve`, answers go first. SIGTERM gives back what is not done
    within ten seconds."""
    configure("lines")
    few_heaps()
    os.nice(NICENESS)
    settings = settings_for()
    desk = open_desk(settings, index=bool(settings.chroma_url))
    click.echo(f"Aiguilleur works as {desk.worker.name}, and answers no calls.", err=True)
    asyncio.run(_work(desk, alive))


async def _work(desk: Desk, alive: Path | None) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with desk.running():
        beating = asyncio.create_task(_beat(alive)) if alive else None
        await stop.wait()
        if beating:
            beating.cancel()


async def _beat(alive: Path) -> None:
    """On the event loop that works: where that hangs, the file grows old."""
    while True:
        await asyncio.to_thread(alive.touch)
        await asyncio.sleep(BEAT_S)
