"""Bulk without a model: thinking is all there is to do, so every core has a process of its own."""

import multiprocessing
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice

from service.cli.bulk_files import Job
from service.cli.bulk_worker import Line, Numbered, start, work
from service.cli.undisturbed import undisturbed
from service.errors import UnavailableError
from service.settings import Settings

CHUNK = 16
AHEAD = 4
"""Chunks in flight for each process: enough that none waits, few enough that memory stays small."""
GRACE_S = 10.0
"""So long a process may finish its chunk, which takes a fraction of a second, when the run is interrupted."""


def many_processes(job: Job, settings: Settings, lines: Iterator[Numbered]) -> Generator[list[Line], None, None]:
    """Chunks of results in the order of the lines. Raises UnavailableError."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(job.workers, context, start, (settings, job.account, job.store))
    running: deque[Future[list[Line]]] = deque()
    try:
        while chunk := list(islice(lines, CHUNK)):
            with undisturbed():
                running.append(pool.submit(work, chunk))
            if len(running) >= AHEAD * job.workers:
                yield _first(running)
        while running:
            yield _first(running)
        pool.shutdown()
    except BrokenProcessPool as error:
        raise UnavailableError("A process of this run ended unexpectedly; is there enough memory?") from error
    finally:
        _end(pool, running)


def _first(running: deque[Future[list[Line]]]) -> list[Line]:
    """The result of the oldest chunk, which stays among those that are in hand until it is there."""
    lines = running[0].result()
    running.popleft()
    return lines


def _end(pool: ProcessPoolExecutor, running: Iterable[Future[list[Line]]]) -> None:
    """Without what has not begun: the next run does it. What is in hand comes to its end, since a process that is ended
    while it hands over half a result leaves the pool waiting for the other half, for ever."""
    pool.shutdown(wait=False, cancel_futures=True)
    wait([chunk for chunk in running if chunk.running()], GRACE_S)
    for child in multiprocessing.active_children():
        child.terminate()
