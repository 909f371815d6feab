"""An index in memory that breaks, goes down or loses entries as told."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.passages import Vector
from retrieval.places import IndexBrokenError
from retrieval.snapshot import Near


class MemoryPlace:
    """A `retrieval.places.Place`."""

    def __init__(self, opener: "MemoryOpener") -> None:
        self.opener = opener
        self.sets: dict[str, dict[str, tuple[Vector, str]]] = defaultdict(dict)
        self.stamps: dict[str, int] = {}
        self.written = 0
        self.broken = False

    def held(self, name: str) -> dict[str, str]:
        self._check()
        return {key: digest for key, (_, digest) in self.sets[name].items()}

    def stamp(self, name: str) -> int:
        self._check()
        return self.stamps.get(name, -1)

    def set_stamp(self, name: str, revision: int) -> None:
        self.stamps[name] = revision

    def put(self, name: str, ids: Sequence[str], vectors: NDArray[np.float32], digests: Sequence[str]) -> None:
        self._check()
        self.written += len(ids)
        for key, vector, digest in zip(ids, vectors, digests, strict=True):
            self.sets[name][key] = (vector, digest)

    def delete(self, name: str, ids: Sequence[str]) -> None:
        self._check()
        for key in ids:
            self.sets[name].pop(key, None)

    def count(self, name: str) -> int:
        self._check()
        return len(self.sets[name])

    def nearest(self, name: str, vector: Vector, limit: int) -> Near:
        self._check()
        self.opener.asked += 1
        found = [(key, float(kept @ vector)) for key, (kept, _) in self.sets[name].items()]
        return sorted(found, key=lambda one: (-one[1], one[0]))[:limit]

    def check_size(self, vectors: int) -> None:
        self._check()

    def discard(self) -> None:
        self.opener.discarded += 1
        self.opener.place = None

    def close(self) -> None:
        self.opener.closed += 1

    def _check(self) -> None:
        self.opener.check()
        if self.broken:
            raise IndexBrokenError("as told")


class MemoryOpener:
    """A `retrieval.places.PlaceOpener`; `trouble` is what its place raises at present, new or old."""

    def __init__(self, trouble: type[Exception] | None = None) -> None:
        self.trouble = trouble
        self.place: MemoryPlace | None = None
        self.asked = self.discarded = self.closed = self.released = 0

    def open(self) -> MemoryPlace:
        self.check()
        if self.place is None:
            self.place = MemoryPlace(self)
        return self.place

    def release(self) -> None:
        self.released += 1

    def break_place(self) -> None:
        assert self.place is not None
        self.place.broken = True

    def check(self) -> None:
        if self.trouble is not None:
            raise self.trouble("as told")
