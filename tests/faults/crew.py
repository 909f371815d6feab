"""Serving processes that are killed, frozen and replaced."""

import multiprocessing
import os
import signal
import socket
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from service.settings import Settings
from service.wiring.learning import for_refit
from tests.faults.steps import Plan


@dataclass
class Place:
    """One process after the other behind one address, which is open all the while: callers wait for the next one."""

    settings: Settings
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0), backlog=1024))
    process: BaseProcess | None = None
    largest_file: int = 0
    deaths: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    @property
    def pid(self) -> int:
        assert self.process is not None
        assert self.process.pid is not None
        return self.process.pid

    def start(self) -> None:
        context = multiprocessing.get_context("forkserver")
        theirs, self.plans = context.Pipe(duplex=False)
        arguments = (as_json(self.settings), self.listener, theirs, self.largest_file)
        self.process = context.Process(target=_live, args=arguments, daemon=True)
        self.process.start()
        theirs.close()

    plans: Connection = field(init=False)

    def look(self) -> None:
        """Replaces one that is dead."""
        if self.process is not None and self.process.exitcode is not None:
            self.deaths += 1
            self.process.join()
            self.start()

    def doom(self, plan: Plan) -> None:
        self.plans.send(plan)

    def kill(self, number: int = signal.SIGKILL) -> None:
        os.kill(self.pid, number)

    def stop(self) -> None:
        if self.process is not None and self.process.pid is not None:
            self.process.kill()
            self.process.join()
        self.listener.close()


def _live(*arguments: object) -> None:
    from tests.faults.victim import live

    live(*arguments)  # type: ignore[arg-type]


def as_json(settings: Settings) -> str:
    """With its secrets, and with the model that `for_refit` leaves out."""
    import json

    kept = {"model": settings.model, "engine": settings.engine}
    return json.dumps(json.loads(for_refit(settings)) | kept)


def ready(model: bool = False) -> None:
    """The fork server loads what takes seconds, once."""
    loaded = ["tests.faults.victim", *(["tests.faults.warm"] if model else [])]
    multiprocessing.get_context("forkserver").set_forkserver_preload(loaded)
