"""Ids that sort by the time of their making: UUID version 7 (RFC 9562, section 5.7)."""

import secrets
import threading
import time
import uuid
from datetime import datetime, timedelta

_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """A UUIDv7 in its usual 36 characters; ids made by one process sort in the order of their making.

    Milliseconds and a 12-bit fraction make one growing number (method 3 of section 6.2), which
    goes on where it was when the clock steps back.
    """
    global _last  # noqa: PLW0603 - one counter a process is what makes its ids sort
    now = time.time_ns() * 4096 // 1_000_000
    with _lock:
        _last = now = max(now, _last + 1)
    stamp, fraction = divmod(now, 4096)
    bits = (stamp << 80) | (0x7 << 76) | (fraction << 64) | (0b10 << 62) | secrets.randbits(62)
    return str(uuid.UUID(int=bits))


def earliest_id(moment: datetime, slack: timedelta = timedelta()) -> str:
    """What every id made at that moment less the slack, or later, sorts after. Not an id itself."""
    stamp = max(0, int((moment.timestamp() - slack.total_seconds()) * 1000))
    return f"{stamp >> 16:08x}-{stamp & 0xFFFF:04x}"
