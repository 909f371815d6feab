"""A bulk run that is interrupted while its processes hand over results ends all the same."""

import multiprocessing
import threading
import time
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from typing import cast

from service.cli import bulk_pool
from service.cli.bulk_worker import Line

LARGE = 16_000_000
"""Characters of a result: most of the time that it takes is to hand it over."""


def large(_: int) -> list[Line]:
    return [Line("x" * LARGE)]


def test_an_interruption_in_the_middle_of_a_result_leaves_nobody_waiting_for_its_rest() -> None:
    threads = threading.active_count()
    for _ in range(4):
        pool = ProcessPoolExecutor(2, multiprocessing.get_context("spawn"))
        running = deque(cast("Future[list[Line]]", pool.submit(large, number)) for number in range(12))
        running[0].result()
        running.popleft()
        bulk_pool._end(pool, running)
    until = time.monotonic() + 20
    while threading.active_count() > threads and time.monotonic() < until:
        time.sleep(0.05)
    assert threading.active_count() == threads
    assert multiprocessing.active_children() == []
