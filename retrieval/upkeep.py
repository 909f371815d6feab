"""Keeps an index in line with its collections, in the background, and knows when not to ask it."""

import logging
import os
from threading import Condition, Thread
from time import monotonic

from retrieval.breaker import Breaker
from retrieval.mirror import Mirror, set_name
from retrieval.passages import Vector
from retrieval.places import IndexBrokenError, IndexDownError, IndexTakenError, PlaceOpener
from retrieval.snapshot import Near, Snapshot

TAKEN_FOR_S = 30.0
"""How long another process's index is left alone before it is tried again."""

_PROBED = 10

_log = logging.getLogger(__name__)


class KeptIndex:
    """Answers from a place that may break, be behind, be another process's or not answer at all.

    One background thread does everything that changes the place or takes long. `nearest` asks the
    place only where it is known to hold exactly what the snapshot holds, and never waits for the thread.
    """

    def __init__(self, opener: PlaceOpener, first_rest_s: float = 2.0) -> None:
        self._opener = opener
        self._mirror: Mirror | None = None
        self._ready: dict[str, int] = {}
        self._wanted: dict[str, Snapshot] = {}
        self._latest: dict[str, Snapshot] = {}
        self._change = Condition()
        self._breaker = Breaker(first_rest_s)
        self._suspect = False
        self._taken = False
        self._looking: tuple[Snapshot, Vector] | None = None
        self._busy = False
        self._closed = False
        self._thread: Thread | None = None
        self._process = os.getpid()

    @property
    def failing(self) -> bool:
        """The index is broken or does not answer, and is not as good as new yet. Another process's is not judged."""
        return self._breaker.failing or (self._suspect and not self._taken)

    def nearest(self, snapshot: Snapshot, vector: Vector, limit: int) -> Near | None:
        """Ids with their cosine, best first, or None where exact search must answer."""
        if self._process != os.getpid():
            return None
        mirror = self._mirror
        if mirror is None or self._suspect or self._ready.get(snapshot.collection) != snapshot.revision:
            self._want(snapshot)
            return None
        expected = min(limit, len(snapshot.ids))
        try:
            found = mirror.place.nearest(set_name(snapshot), vector, expected) if expected else []
        except (IndexBrokenError, IndexDownError) as fault:
            self._doubt(mirror, fault)
            return None
        if len(found) < expected or any(key not in snapshot.entries for key, _ in found):
            self._look_again(mirror, snapshot)
            return None
        return found

    def look(self, snapshot: Snapshot, vector: Vector) -> None:
        """Asks the place in the background, for an answer that nobody waits for: a failing one is noticed by it."""
        if self._process == os.getpid():
            with self._change:
                self._looking = (snapshot, vector)
                self._start()

    def follow(self, snapshot: Snapshot) -> None:
        """Brings the index in line with the snapshot, in the background, without asking it anything."""
        if self._latest.get(snapshot.collection) is not snapshot and self._process == os.getpid():
            self._want(snapshot)

    def rebuild(self) -> None:
        """Makes the index anew from what its collections hold. `settled` waits for it."""
        with self._change:
            self._suspect = True
            self._start()

    def settled(self, timeout_s: float) -> bool:
        """Waits until nothing is left to do; False where that took too long or the index is failing."""
        end = monotonic() + timeout_s
        with self._change:
            while self._busy or ((self._wanted or self._suspect) and not self._breaker.resting):
                if monotonic() > end:
                    return False
                self._change.wait(0.05)
            return not (self.failing or self._suspect)

    def close(self) -> None:
        """Ends the background thread after what it is at, and gives the place back."""
        with self._change:
            self._closed = True
            self._change.notify_all()
        if self._thread is not None and self._process == os.getpid():
            self._thread.join()
        if self._mirror is not None:
            self._mirror.place.close()
            self._mirror = None
        self._opener.release()

    def _want(self, snapshot: Snapshot) -> None:
        latest = self._latest.get(snapshot.collection)
        if latest is snapshot and self._breaker.resting:
            return
        with self._change:
            self._wanted[snapshot.collection] = self._latest[snapshot.collection] = snapshot
            self._start()

    def _look_again(self, mirror: Mirror, snapshot: Snapshot) -> None:
        """It holds something else than it should: lost entries, or what another process wrote."""
        mirror.doubt(snapshot)
        self._ready = {name: revision for name, revision in self._ready.items() if name != snapshot.collection}
        self._want(snapshot)

    def _doubt(self, mirror: Mirror, fault: Exception) -> None:
        with self._change:
            if mirror is not self._mirror or self._suspect:
                return
            _log.warning("the index failed a query (%s): exact search answers meanwhile", type(fault).__name__)
            self._failed(fault)
            self._start()

    def _failed(self, fault: Exception) -> None:
        """What breaks is made anew at once, the first time; what does not answer is left to rest."""
        self._ready = {}
        self._wanted = dict(self._latest)
        if self._suspect or not isinstance(fault, IndexBrokenError):
            self._breaker.failed()
        else:
            self._suspect = True

    def _start(self) -> None:
        if self._thread is None and not self._closed:
            self._thread = Thread(target=self._work, name="index upkeep", daemon=True)
            self._thread.start()
        self._change.notify_all()

    def _work(self) -> None:
        while True:
            with self._change:
                if self._closed:
                    return
                if self._breaker.resting or not (self._wanted or self._suspect or self._looking):
                    self._change.wait(0.2)
                    continue
                self._busy = True
            try:
                self._attend()
            finally:
                with self._change:
                    self._busy = False
                    self._change.notify_all()

    def _attend(self) -> None:
        try:
            mirror = self._opened()
            while (snapshot := self._next()) is not None:
                if mirror.bring(snapshot):
                    self._ready = self._ready | {snapshot.collection: snapshot.revision}
        except IndexTakenError:
            self._taken = True
            self._breaker.rest(TAKEN_FOR_S)
        except (IndexBrokenError, IndexDownError, OSError) as fault:  # a full disk, a folder that may not be written
            _log.warning("the index could not be brought up to date (%s)", type(fault).__name__)
            with self._change:
                self._failed(fault)
        else:
            self._suspect = self._taken = False
            self._breaker.worked()
        looking, self._looking = self._looking, None
        if looking is not None:
            self.nearest(*looking, _PROBED)

    def _next(self) -> Snapshot | None:
        with self._change:
            return self._wanted.pop(next(iter(self._wanted))) if self._wanted and not self._closed else None

    def _opened(self) -> Mirror:
        if self._suspect or self._breaker.failing:
            self._abandon(discard=self._suspect)
        if self._mirror is None:
            mirror = Mirror(self._opener.open())
            with self._change:
                self._ready = {}
                self._wanted = dict(self._latest)
                self._mirror = mirror
        return self._mirror

    def _abandon(self, discard: bool) -> None:
        """Closes what failed; what is broken is also removed, so that the next one is new."""
        mirror, self._mirror = self._mirror, None
        place = mirror.place if mirror else self._opener.open() if discard else None
        if place is None:
            return
        if discard:
            place.discard()
        else:
            place.close()
