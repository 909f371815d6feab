"""Saying no in time: a bounded backlog, bounded triages in flight, and a rate for each key. Whoever is refused is told
when to come back."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic

from service.desk.clock import Clock, utc_now
from service.errors import AGAIN_LATER, BusyError, FieldProblem
from service.storage import messages
from service.storage.database import Database

KNOWN_S = 1.0
"""How long the database's last word about the backlog is believed; what this process took in since is added."""
WINDOW = timedelta(minutes=1)
ROOM = 0.9
"""Of the bound: whoever comes back then finds room."""
LONGEST_S = 300
UNKNOWN_S = 60
"""Where nothing was triaged in the last minute."""
MOST_KEYS = 10_000

Timer = Callable[[], float]


class Backpressure:
    """At most about `most` messages of an account wait: each process looks once a second, so that many processes
    together may pass the bound by what they take in meanwhile."""

    def __init__(self, database: Database, most: int, timer: Timer = monotonic, clock: Clock = utc_now) -> None:
        self._database = database
        self._most = most
        self._timer = timer
        self._clock = clock
        self._waiting: dict[str, int] = {}
        self._looked_at = -math.inf
        self._per_s: float | None = None

    async def admit(self, account: str) -> None:
        """Counts a message that is about to come in. Raises BusyError, UnavailableError."""
        if self._timer() - self._looked_at > KNOWN_S:
            self._looked_at, self._per_s = self._timer(), None
            standing = await self._database.read(messages.standing)
            self._waiting = {one.account: one.waiting for one in standing}
        waiting = self._waiting.get(account, 0)
        if waiting >= self._most:
            raise await self._full(waiting)
        self._waiting[account] = waiting + 1

    async def _full(self, waiting: int) -> BusyError:
        if self._per_s is None:
            since = self._clock() - WINDOW
            self._per_s = await self._database.read(messages.triaged_since, since) / WINDOW.total_seconds()
        rest_s = math.ceil((waiting - ROOM * self._most) / self._per_s) if self._per_s else UNKNOWN_S
        detail = f"{waiting} messages of this account wait for triage already."
        return BusyError(detail, max(1, min(LONGEST_S, rest_s)), (AGAIN_LATER,))


class Gate:
    """At most `most` at a time, in this process."""

    def __init__(self, most: int, timer: Timer = monotonic) -> None:
        self._most = most
        self._timer = timer
        self._inside = 0
        self._usual_s = 0.1

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Raises BusyError, with what one takes at present as the time to come back after."""
        if self._inside >= self._most:
            cure = FieldProblem("Retry-After", "come back then, or hand messages in by POST /v1/messages, which waits")
            raise BusyError(f"{self._inside} messages are being triaged already.", math.ceil(self._usual_s), (cure,))
        self._inside, began = self._inside + 1, self._timer()
        try:
            yield
        finally:
            self._inside -= 1
            self._usual_s += 0.1 * (self._timer() - began - self._usual_s)


class Rates:
    """A token bucket for each key, in this process: `per_s` calls a second, `burst` at once. 0 a second: no bound."""

    def __init__(self, per_s: float, burst: int, timer: Timer = monotonic) -> None:
        self._per_s = per_s
        self._burst = float(burst)
        self._timer = timer
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, key: str) -> None:
        """Raises BusyError."""
        if not self._per_s:
            return
        now = self._timer()
        left, at = self._left.get(key, (self._burst, now))
        left = min(self._burst, left + (now - at) * self._per_s)
        if left < 1:
            cure = FieldProblem("Authorization", f"call at most {self._per_s:g} times a second with this key")
            raise BusyError("This key calls too often.", max(1, math.ceil((1 - left) / self._per_s)), (cure,))
        if len(self._left) >= MOST_KEYS:
            self._left.clear()
        self._left[key] = (left - 1, now)
