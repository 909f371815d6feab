"""What the parts alone can do, in the same run: a bare FastAPI echo, a database commit, the model's stub."""

import asyncio
import multiprocessing
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI, Request, Response

from service.desk.clock import utc_now
from service.storage import attempts
from service.storage.database import Database, Transaction
from service.storage.insert import add_row
from service.storage.migrate import migrate
from service.storage.schema import attempts as table


def _echo(listener: socket.socket) -> None:
    app = FastAPI()

    @app.post("/echo")
    async def echo(request: Request) -> Response:
        return Response(await request.body(), media_type="application/json")

    uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).run([listener])


@contextmanager
def echoing() -> Iterator[int]:
    """The port of a FastAPI application that gives back what it gets."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    process = multiprocessing.get_context("spawn").Process(target=_echo, args=(listener,), daemon=True)
    process.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        process.kill()
        process.join()
        listener.close()


def commits_per_s(url: str, count: int) -> float:
    """Of one small row each, one after the other, by the writers of one process."""
    database = Database(url)
    migrate(database)

    def one(transaction: Transaction, number: int) -> None:
        add_row(transaction, table, {"id": f"load {number}", "failures": 0, "last_at": utc_now()})

    async def all_of_them() -> float:
        began = time.perf_counter()
        numbers = iter(range(count))

        async def writer() -> None:
            for number in numbers:
                await database.write(one, number)

        await asyncio.gather(*(writer() for _ in range(8)))
        return count / (time.perf_counter() - began)

    rate = asyncio.run(all_of_them())
    with database.writing() as transaction:
        attempts.sweep(transaction, utc_now())
    database.close()
    return rate
