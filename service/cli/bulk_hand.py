"""One process of a bulk run with a model: takes lines from a connection, and answers as they get done."""

import asyncio
from multiprocessing.connection import Connection

from service.cli.bulk_worker import Concluding, Line, Numbered, become_worker
from service.errors import UnavailableError
from service.heap import settle
from service.settings import Settings
from service.wiring import Desk, open_desk

Answer = tuple[int, Line | str]
"""A line's number with what became of it, or with what is unavailable, which ends the run."""


def serve(
    connection: "Connection[Answer, Numbered | None]", settings: Settings, account: str | None, store: bool
) -> None:
    """Until None is sent, or whoever sends is gone."""
    become_worker()
    desk = open_desk(settings, bulk=True, ready=False)
    if desk.asking is not None:
        desk.asking.model.warm()
    settle()
    try:
        asyncio.run(_serve(connection, desk, Concluding(desk, account, store)))
    finally:
        desk.close()


async def _serve(connection: "Connection[Answer, Numbered | None]", desk: Desk, concluding: Concluding) -> None:
    ended = asyncio.Event()
    tasks: set[asyncio.Task[None]] = set()

    async def answer(numbered: Numbered) -> None:
        try:
            connection.send((numbered[0], await concluding.line(numbered)))
        except UnavailableError as error:
            told = (error.detail, *(one.message for one in error.problems))
            connection.send((numbered[0], " ".join(told)))

    def take() -> None:
        try:
            numbered = connection.recv()
        except (EOFError, OSError):
            numbered = None
        if numbered is None:
            ended.set()
            return
        task = asyncio.create_task(answer(numbered))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    asyncio.get_running_loop().add_reader(connection.fileno(), take)
    await ended.wait()
    asyncio.get_running_loop().remove_reader(connection.fileno())
    await desk.disconnect()
