"""`aiguilleur serve`: the workbench and the API, with a link and a key to try them."""

import asyncio
import json
import shlex
import socket
from contextlib import ExitStack, suppress
from pathlib import Path

import click
import uvicorn
from starlette.types import ASGIApp

from service.cli.options import settings_for
from service.cli.samples import hand_in_samples
from service.cli.serve_workers import serve_in_processes
from service.cli.user import link_to
from service.doors import create_doors
from service.errors import FieldProblem, RefusedError, UnavailableError
from service.heap import few_heaps
from service.lifeline import end_within
from service.log import configure
from service.settings import SHIPPED, Settings
from service.wiring import Desk, open_desk

STOP_S = 4
"""How long what is being answered may still take once the server is told to stop: with what gives work back after it,
ten seconds at most."""

KEPT_S = 75
"""How long a connection stays open on which nothing is asked: longer than callers and load balancers keep theirs (60
seconds at most, as a rule), lest they ask on one that is being closed and hear nothing."""

QUEUE = 2048
"""Connections that wait to be accepted."""

FIRST_KEY = "first-key"
"""File of the data folder with the key that the first start made, for its owner's eyes only."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: any that is free.")
@click.option("--samples", is_flag=True, help="An empty store gets made-up messages, for a first look.")
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes that answer; with a model, one a core. They share the calls in flight.",
)
@click.option("--no-work", is_flag=True, help="Take in and answer only: `aiguilleur worker` does the rest.")
def serve(host: str, port: int, samples: bool, workers: int, no_work: bool) -> None:
    """Serve the workbench and the API. A first start imports the reference account, and prints a link to sign in by
    and a key to try."""
    configure("lines")
    few_heaps()
    settings = settings_for()
    if no_work:
        settings = settings.model_copy(update={"works": False})
    with ExitStack() as held:
        listeners = [held.enter_context(each) for each in listening(host, port, workers)]
        desk = open_desk(settings, index=workers == 1)
        if samples:
            asyncio.run(hand_in_samples(desk))
        _tell(_address(host, listeners[0]), desk)
        if workers == 1:
            _answer(create_doors(desk), listeners[0])
        else:
            desk.close()
            serve_in_processes(settings, listeners, serve_one)


def serve_one(settings: Settings, listener: socket.socket) -> None:
    """One of several processes, over a store that is ready."""
    few_heaps()
    _answer(create_doors(open_desk(settings, ready=False)), listener)


def _answer(app: ASGIApp, listener: socket.socket) -> None:
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        backlog=QUEUE,
        timeout_keep_alive=KEPT_S,
        timeout_graceful_shutdown=STOP_S,
    )
    server = Server(config)
    with suppress(KeyboardInterrupt):  # raised again once everything is given back: that is how one stops it
        server.run([listener])
        if not server.started:
            raise UnavailableError("The service could not be started; the log says where it failed.")


class Server(uvicorn.Server):
    """One that is gone in time once it is told to stop."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        end_within()
        await super().shutdown(sockets)


def _tell(address: str, desk: Desk) -> None:
    """The key is told for as long as nobody can sign in: afterwards whatever keeps what is printed, such as a log,
    learns where it lies, and no more."""
    link, key = asyncio.run(desk.workbench.links.first()), _key_to_try(desk)
    click.echo(_welcome(address, desk.settings, link), err=True)
    click.echo(_banner(address, key if link else None, desk.settings.data / FIRST_KEY if key else None), err=True)


def listening(host: str, port: int, count: int) -> list[socket.socket]:
    """Before anything that takes time: an address that is in use is told at once, and whoever connects
    while the rest starts is served when it has.

    One a process, all on one address: with a shared one, whoever is awake takes all that come at once. Linux deals
    connections out evenly, and a process that ends leaves its queue to the next one in its place.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        alone = socket.create_server((host, port), family=family, backlog=QUEUE)
        if count == 1:
            return [alone]
        with alone:  # which nobody else listens on: sockets that share an address would not notice
            address = (host, alone.getsockname()[1])
        return [socket.create_server(address, family=family, backlog=QUEUE, reuse_port=True) for _ in range(count)]
    except OSError as error:
        problem = FieldProblem("--port, --host", f"{error.strerror or error}; give another port, or stop what uses it")
        raise RefusedError(f"Nothing can be served on {host}:{port}.", (problem,)) from error


def _address(host: str, listener: socket.socket) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{listener.getsockname()[1]}"


def _key_to_try(desk: Desk) -> str | None:
    """The key that the first start made; None where there are only others, or somebody has revoked it."""
    file = desk.settings.data / FIRST_KEY
    if file.exists():
        secret = file.read_text("utf-8").strip()
        return secret if asyncio.run(desk.keys.verify(secret)) else None
    if asyncio.run(desk.keys.list()):
        return None
    _, secret = asyncio.run(desk.keys.create("first key", "admin", by="serve"))
    file.touch(mode=0o600)
    file.write_text(f"{secret}\n", "utf-8")
    return secret


def _welcome(address: str, settings: Settings, secret: str | None) -> str:
    """Where people work; while nobody can sign in, a one-time link for the first admin."""
    if secret is None:
        return f"The workbench is on {settings.public_url or address}"
    link = link_to(settings, secret, address)
    return f"Open the workbench, and make the first admin (once, for 24 hours):\n  {link}"


def _banner(address: str, key: str | None, file: Path | None) -> str:
    """`file`: where the key to try lies, if there is one; `key`: the same, where it may be told."""
    lines = [f"Aiguilleur listens on {address}  (documentation: {address}/docs)"]
    if file is None:
        return "\n".join([*lines, "Call it with a key: aiguilleur key create --name me --scope admin"])
    message = json.loads((SHIPPED / "examples" / "curl.json").read_text("utf-8"))
    bearer = shlex.quote(f"Authorization: Bearer {key}") if key else f'"Authorization: Bearer $(cat {_quoted(file)})"'
    rest = shlex.join(["-H", "Content-Type: application/json", "-d", json.dumps(message, ensure_ascii=False)])
    told = f"Call it with the key  {key}" if key else f"Call it with the key in {file}"
    return "\n".join([*lines, told, "Try it:", f"  curl -s {address}/v1/triage -H {bearer} {rest}"])


def _quoted(file: Path) -> str:
    return shlex.quote(str(file.resolve()))
