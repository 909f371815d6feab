"""Brings a place in line with a snapshot by writing no more than the difference."""

from collections.abc import Sequence
from hashlib import blake2b
from time import monotonic

import numpy as np

from retrieval.places import IndexBrokenError, Place
from retrieval.snapshot import Snapshot

_PROBES = 5
_SAME = 0.999
_OVERTAKE_AFTER_S = 5.0


def set_name(snapshot: Snapshot) -> str:
    """Vectors of another embedder have another name, so they are never mixed up."""
    key = f"{snapshot.collection}\0{snapshot.embedder}\0{snapshot.matrix.shape[1]}"
    return f"c{blake2b(key.encode(), digest_size=16).hexdigest()}"


class Mirror:
    """Knows what one opened place holds. One thread only."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._held: dict[str, dict[str, str]] = {}
        self._stamps: dict[str, int] = {}
        self._behind: dict[str, tuple[int, float]] = {}

    def doubt(self, snapshot: Snapshot) -> None:
        """The set will be read back and probed before it is believed again."""
        self._stamps.pop(set_name(snapshot), None)

    def bring(self, snapshot: Snapshot) -> bool:
        """True where the place now holds what the snapshot holds; False where it is ahead of it.

        A set that is new here, or that another process wrote to, is read back and probed: it is
        believed only where it counts and finds right. Raises IndexBrokenError or IndexDownError.
        """
        name = set_name(snapshot)
        stamp = self.place.stamp(name)
        if stamp > snapshot.revision and self._waits(name, snapshot.revision):
            return False
        known = stamp >= 0 and self._stamps.get(name) == stamp
        held = self._held[name] if known else self.place.held(name)
        self._stamps.pop(name, None)
        self._held[name] = self._write(name, snapshot, held)
        self._check(name, snapshot, probe=not known)
        self.place.check_size(sum(len(ids) for ids in self._held.values()))
        self.place.set_stamp(name, snapshot.revision)
        self._stamps[name] = snapshot.revision
        return True

    def _waits(self, name: str, revision: int) -> bool:
        """Another process has seen a newer revision, or the database was set back to an older one."""
        seen, since = self._behind.get(name, (-1, 0.0))
        if seen != revision:
            self._behind[name] = (revision, monotonic())
            return True
        return monotonic() - since < _OVERTAKE_AFTER_S

    def _write(self, name: str, snapshot: Snapshot, held: dict[str, str]) -> dict[str, str]:
        wanted = {key: snapshot.entries[key].digest for key in snapshot.ids}
        if new := [key for key, digest in wanted.items() if held.get(key) != digest]:
            self._put(name, snapshot, new)
        if gone := [key for key in held if key not in wanted]:
            self.place.delete(name, gone)
        return wanted

    def _put(self, name: str, snapshot: Snapshot, ids: Sequence[str]) -> None:
        rows = [snapshot.entries[key].row for key in ids]
        self.place.put(name, ids, snapshot.matrix[rows], [snapshot.entries[key].digest for key in ids])

    def _check(self, name: str, snapshot: Snapshot, probe: bool) -> None:
        if (count := self.place.count(name)) != len(snapshot.ids):
            raise IndexBrokenError(f"It holds {count} vectors instead of {len(snapshot.ids)}.")
        if not probe or not count:
            return
        for position in np.linspace(0, count - 1, _PROBES).astype(int):
            vector = snapshot.matrix[snapshot.rows[position]]
            found = self.place.nearest(name, vector, 1)
            if vector.any() and (not found or found[0][1] < _SAME):
                raise IndexBrokenError("It does not find what it holds.")
