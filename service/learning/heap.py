"""Memory that a process no longer needs, and keeps."""

import ctypes
from contextlib import suppress


def give_back() -> None:
    """What is free inside goes back to the system: glibc keeps it where something small lies above it, such as most of
    a learned bundle that another has replaced. Takes milliseconds; without glibc, nothing happens."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
