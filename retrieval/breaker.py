"""After a failure, a rest: nobody waits again and again for something that does not answer."""

from threading import Lock
from time import monotonic


class Breaker:
    """Open (resting) for `first_s` after a failure, doubled at each further one up to `longest_s`."""

    def __init__(self, first_s: float = 2.0, longest_s: float = 60.0) -> None:
        self._first_s = first_s
        self._longest_s = longest_s
        self._failures = 0
        self._until = 0.0
        self._lock = Lock()

    @property
    def resting(self) -> bool:
        return monotonic() < self._until

    @property
    def failing(self) -> bool:
        """The last try failed, whether it is time for another one or not."""
        return self._failures > 0

    def failed(self) -> None:
        with self._lock:
            rest = min(self._first_s * 2**self._failures, self._longest_s)
            self._failures += 1
            self._until = monotonic() + rest

    def worked(self) -> None:
        with self._lock:
            self._failures = 0
            self._until = 0.0

    def rest(self, seconds: float) -> None:
        """No failure, but nothing to be had for a while."""
        with self._lock:
            self._until = monotonic() + seconds
