"""A passage, and where passages are kept: the truth that every index can be rebuilt from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that can be found. `metadata` may hold `language` and `group`, which searches filter by."""

    id: str
    text: str
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with its unit vector by one embedder. `vector` is None where it has yet to be made. `revision` is that
    which its collection had from when it was put last."""

    passage: Passage
    vector: Vector | None
    revision: int = 0


class PassageStore(Protocol):
    """Passages in named collections (one an account and kind), kept outside of any index.

    `revision` grows with every change of a collection, in whichever process it is made. Synchronous:
    callers on an event loop use a thread.
    """

    @property
    def at_hand(self) -> bool:
        """Whether `revisions` answers in less time than a hop to a thread and back takes."""
        ...

    def revision(self, collection: str) -> int: ...

    def revisions(self, one: str, other: str) -> tuple[int, int]:
        """Of two collections, looked up at once."""
        ...

    def read(self, collection: str, embedder: str, after: int | None = None) -> Iterable[StoredPassage]:
        """All passages, or those put after that revision, in order of id, with their vectors by that embedder."""
        ...

    def put(self, collection: str, passages: Sequence[Passage]) -> None:
        """Adds passages or replaces those of the same id; a changed text loses its vectors."""
        ...

    def put_vectors(self, collection: str, embedder: str, vectors: Mapping[str, Vector]) -> None: ...

    def delete(self, collection: str, ids: Sequence[str]) -> None: ...
