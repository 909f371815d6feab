"""Where an index of vectors lives: what every such place promises, and how it fails."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.passages import Vector
from retrieval.snapshot import Near


class IndexBrokenError(Exception):
    """What the index holds cannot be read or written: only a new one helps."""


class IndexDownError(Exception):
    """The index does not answer now; it may later."""


class IndexTakenError(Exception):
    """Another process is using the index."""


class Place(Protocol):
    """Named sets of vectors with a digest each. Every method raises IndexBrokenError or IndexDownError."""

    def held(self, name: str) -> dict[str, str]:
        """Digest by id of all that the set holds; empty where there is no such set."""
        ...

    def stamp(self, name: str) -> int:
        """The revision that the set was last brought to, by whichever process; -1 where there is none."""
        ...

    def set_stamp(self, name: str, revision: int) -> None: ...

    def put(self, name: str, ids: Sequence[str], vectors: NDArray[np.float32], digests: Sequence[str]) -> None: ...

    def delete(self, name: str, ids: Sequence[str]) -> None: ...

    def count(self, name: str) -> int: ...

    def nearest(self, name: str, vector: Vector, limit: int) -> Near: ...

    def check_size(self, vectors: int) -> None:
        """Raises IndexBrokenError where its files have grown beyond what so many vectors can need."""
        ...

    def discard(self) -> None:
        """Removes what it holds, and closes it."""
        ...

    def close(self) -> None: ...


class PlaceOpener(Protocol):
    def open(self) -> Place:
        """Raises IndexBrokenError, IndexDownError or IndexTakenError."""
        ...

    def release(self) -> None:
        """Lets other processes have it. What was opened must have been closed."""
        ...
