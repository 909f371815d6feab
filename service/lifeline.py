"""When a process ends, whatever else holds it up.

One that was started by another one of ours ends with it, however that one ends: a kill leaves no time to tell. One
that is told to stop ends in time, though a thread of it waits for an answer that does not come."""

import os
import threading
import time

EVERY_S = 0.5
LEAVE_S = 9.0
"""Of the ten seconds within which a process that is told to stop is gone. What it has not given back by then, others
take when the leases end."""


def end_with_parent() -> None:
    """To be called first of all. A transaction that is cut off by it is as if it had never begun."""
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()


def end_within(seconds: float = LEAVE_S) -> None:
    """To be called by a process that is told to stop. Python would wait for its threads without end."""
    last = threading.Timer(seconds, os._exit, (0,))
    last.daemon = True
    last.start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(EVERY_S)
    os._exit(1)
