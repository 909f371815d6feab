"""Memory that a process asked for and no longer needs: glibc keeps much of it, unless it is told otherwise, and Python
looks for it oftener than is worth while."""

import ctypes
import gc
from collections.abc import Callable
from contextlib import suppress

HEAPS = 2
NEW_OBJECTS = 20_000
"""Made and not yet gone, from which on Python looks for those that only each other need: some megabytes."""
LARGE = 2**20
"""Bytes from which on a block lies outside the heaps."""
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8


def few_heaps() -> None:
    """To be called before threads are started. glibc would make eight heaps a core for them, each of which keeps the
    most that any thread ever needed of it at a time: with forty threads hundreds of megabytes that nobody uses, and
    more by the hour. Threads that hold the interpreter's lock in turn need no heap of their own.

    What is large lies outside them and goes back to the system as soon as it is free. glibc does so only until the
    first such block has gone: then it takes blocks of that size, up to 32 MB, for something that comes and goes often,
    and what was learned left 70 MB behind in the heaps each time that another version replaced it."""
    _tell(lambda glibc: glibc.mallopt(_M_ARENA_MAX, HEAPS))
    _tell(lambda glibc: glibc.mallopt(_M_MMAP_THRESHOLD, LARGE))


def give_back() -> None:
    """What is free inside goes back to the system: glibc keeps it where something small lies above it, such as most of
    a learned bundle that another has replaced. What only each other need goes before. Takes some ten milliseconds."""
    gc.collect()
    _tell(lambda glibc: glibc.malloc_trim(0))


def settle() -> None:
    """What is loaded by now stays: Python's collector looks at what comes later only, and rarely. At its own pace it
    took a tenth of a message's time with fifty of them in flight, and found next to nothing."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])


def _tell(what: Callable[[ctypes.CDLL], object]) -> None:
    """Without glibc, nothing happens."""
    with suppress(OSError, AttributeError):
        what(ctypes.CDLL(None))
