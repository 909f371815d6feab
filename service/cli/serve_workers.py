"""Several processes behind one address: each has a desk and a listening socket of its own, one looks after them."""

import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import ceil
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from tempfile import TemporaryDirectory
from time import monotonic

from service.cli.undisturbed import undisturbed
from service.connectors.counting import FOLDER, ended
from service.log import Said, catch_uncaught, configure, log
from service.settings import Settings

STEADY_S = 10.0
"""A process that ends sooner is started again after a rest, each time a longer one."""
LONGEST_REST_S = 30.0
KILLED_AFTER_S = 30.0
"""What has not stopped by then is killed; the store loses nothing by it."""

Serve = Callable[[Settings, socket.socket], None]
"""Serves on the socket until the process gets SIGTERM."""


def serve_in_processes(settings: Settings, listeners: Sequence[socket.socket], serve: Serve) -> None:
    """One process for each listener. Blocks until this process is told to stop (SIGTERM, SIGINT), then stops the
    others and waits for them.

    The processes share the calls to the model that may be in flight, and count for `/metrics` in one folder.
    """
    share = settings.model_copy(update={"model_concurrency": ceil(settings.model_concurrency / len(listeners))})
    with TemporaryDirectory(prefix="aiguilleur-") as counted, _told_to_stop() as stop:
        os.environ[FOLDER] = counted
        Crew([Place(share, listener, serve) for listener in listeners]).run(stop)


class Place:
    """One process, and the next one in its place when it has ended."""

    def __init__(self, settings: Settings, listener: socket.socket, serve: Serve) -> None:
        self._given = (settings, listener, serve)
        self._process: BaseProcess | None = None
        self._began = self._not_before = 0.0
        self._rest_s = 1.0

    @property
    def sentinel(self) -> int | None:
        return self._process.sentinel if self._process else None

    @property
    def rests_s(self) -> float:
        """Until its next process may start."""
        return max(0.0, self._not_before - monotonic())

    def look(self) -> None:
        """Notices an end, and starts a process where there is none and none has to rest."""
        if self._process is not None and self._process.exitcode is not None:
            ended(self._process.pid or 0)
            self._ended(self._process.exitcode)
        if self._process is None and not self.rests_s:
            self._process = multiprocessing.get_context("spawn").Process(target=_work, args=self._given)
            self._began = monotonic()
            with undisturbed():
                self._process.start()

    def tell_to_stop(self) -> None:
        if self._process is not None:
            self._process.terminate()

    def wait_for_the_end(self, until: float) -> None:
        if self._process is not None:
            self._process.join(max(0.0, until - monotonic()))
            self._process.kill()
            self._process.join()

    def _ended(self, code: int) -> None:
        log(Said.PROCESS_ENDED, code=code)
        if monotonic() - self._began < STEADY_S:
            self._not_before = monotonic() + self._rest_s
            self._rest_s = min(2 * self._rest_s, LONGEST_REST_S)
        else:
            self._rest_s = 1.0
        self._process = None


@dataclass(frozen=True, slots=True)
class Crew:
    places: list[Place]

    def run(self, stop: socket.socket) -> None:
        """Until something can be read from `stop`."""
        try:
            while True:
                for place in self.places:
                    place.look()
                rests = [place.rests_s for place in self.places if place.sentinel is None]
                ready = wait([stop, *self._sentinels()], min(rests) if rests else None)
                if stop in ready:
                    return
        finally:
            self._end()

    def _sentinels(self) -> list[int]:
        return [place.sentinel for place in self.places if place.sentinel is not None]

    def _end(self) -> None:
        for place in self.places:
            place.tell_to_stop()
        until = monotonic() + KILLED_AFTER_S
        for place in self.places:
            place.wait_for_the_end(until)


@contextmanager
def _told_to_stop() -> Iterator[socket.socket]:
    """A socket that can be read once this process is told to stop."""
    hears, says = socket.socketpair()
    says.setblocking(False)

    def told(_number: int, _frame: object) -> None:
        with suppress(BlockingIOError):
            says.send(b"\0")

    before = {number: signal.signal(number, told) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield hears
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        hears.close()
        says.close()


def _work(settings: Settings, listener: socket.socket, serve: Serve) -> None:
    configure("lines")
    catch_uncaught()
    threading.Thread(target=_stop_with_parent, daemon=True).start()
    serve(settings, listener)


def _stop_with_parent() -> None:
    """A killed parent leaves nobody behind who holds the address."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
