"""Bulk without a model: thinking is all there is to do, so every core has a process of its own."""

import multiprocessing
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
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
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
        pool.shutdown()
    except BrokenProcessPool as error:
        raise UnavailableError("A process of this run ended unexpectedly; is there enough memory?") from error
    finally:
        _end(pool)


def _end(pool: ProcessPoolExecutor) -> None:
    """At once, whatever they are at: what is not written yet is done again by the next run."""
    pool.shutdown(wait=False, cancel_futures=True)
    for child in multiprocessing.active_children():
        child.terminate()
    pool.shutdown()
