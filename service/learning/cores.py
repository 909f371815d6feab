"""Several works of a fit at once, on as many cores as whoever fits has given it.

Not in threads: liblinear draws its chances from one state a process. Copies of this process share what it has read,
and hand back what they found; whatever their number, it is the same.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from multiprocessing import get_all_start_methods, get_context
from typing import Any

from service.lifeline import end_with_parent

Work = Callable[[], Any]

_given: ContextVar[int] = ContextVar("cores", default=1)
_works: Sequence[Work] = ()


@contextmanager
def cores(count: int) -> Iterator[None]:
    """Fits within take so many. Only for a process whose other threads rest: it is copied as it stands."""
    before = _given.set(count if "fork" in get_all_start_methods() else 1)
    try:
        yield
    finally:
        _given.reset(before)


def idle_cores() -> int:
    """Cores that nobody else seems to need now, this process's own included."""
    return max(1, (os.cpu_count() or 1) - round(os.getloadavg()[0]))


def at_once(works: Sequence[Work]) -> list[Any]:
    """What each gives, in order; those that take longest should come first. None may change anything."""
    count = min(_given.get(), len(works))
    if count < 2:
        return [work() for work in works]
    with ProcessPoolExecutor(count, get_context("fork"), _become_a_copy, (works,)) as copies:
        return list(copies.map(_done, range(len(works))))


def _become_a_copy(works: Sequence[Work]) -> None:
    """It ends with its original, and takes one core."""
    global _works  # noqa: PLW0603  a copy does nothing else
    end_with_parent()
    _given.set(1)
    _works = works


def _done(number: int) -> Any:
    return _works[number]()
