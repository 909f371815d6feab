"""One collection as it was at one revision, searchable without any index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.lexical import FILTERS, LexicalSnapshot
from retrieval.passages import Passage, Vector

Near = list[tuple[str, float]]
"""Ids with their cosine in [-1, 1], best first."""


def digest(passage: Passage) -> str:
    """Changes with the text and with what searches filter by; says that an index entry is up to date."""
    parts = (passage.text, *(passage.metadata.get(name, "") for name in FILTERS))
    return blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()


class Entry(NamedTuple):
    """A passage, the digest of what searches see of it, and its row in the matrix (-1: no vector yet)."""

    passage: Passage
    digest: str
    row: int


@dataclass(frozen=True)
class Snapshot:
    """Immutable. `matrix` holds a unit vector a row; rows of replaced passages stay, in no entry."""

    collection: str
    embedder: str
    revision: int
    entries: Mapping[str, Entry]
    matrix: NDArray[np.float32]
    lexical: LexicalSnapshot
    _of_filter: dict[tuple[str, str], NDArray[np.intp]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.entries)

    @cached_property
    def ids(self) -> Sequence[str]:
        """The passages that have a vector."""
        return [key for key, entry in self.entries.items() if entry.row >= 0]

    @cached_property
    def rows(self) -> NDArray[np.intp]:
        """The row of each of `ids`."""
        return np.array([self.entries[key].row for key in self.ids], dtype=np.intp)

    def kept(self, filters: Mapping[str, str]) -> NDArray[np.intp]:
        """Positions in `ids` of the passages that have all of `filters`."""
        positions = np.arange(len(self.ids))
        for pair in filters.items():
            positions = np.intersect1d(positions, self._having(pair), assume_unique=True)
        return positions

    def similarity(self, passage_id: str, vector: Vector) -> float:
        """Cosine in [-1, 1]; 0 for a passage without a vector. Raises KeyError."""
        row = self.entries[passage_id].row
        return float(self.matrix[row] @ vector) if row >= 0 else 0.0

    def nearest(self, vector: Vector, limit: int, filters: Mapping[str, str] | None = None) -> Near:
        """Exact search by cosine: the oracle for every index, and its fallback."""
        if not self.ids or limit < 1:
            return []
        if filters:
            positions = self.kept(filters)
            scores = self.matrix[self.rows[positions]] @ vector
            return [(self.ids[positions[i]], float(scores[i])) for i in _best(scores, limit)]
        scores = (self.matrix @ vector)[self.rows]
        return [(self.ids[i], float(scores[i])) for i in _best(scores, limit)]

    def _having(self, pair: tuple[str, str]) -> NDArray[np.intp]:
        if pair not in self._of_filter:
            name, value = pair
            having = [i for i, key in enumerate(self.ids) if self.entries[key].passage.metadata.get(name) == value]
            self._of_filter[pair] = np.array(having, dtype=np.intp)
        return self._of_filter[pair]


def _best(scores: NDArray[np.float32], limit: int) -> NDArray[np.intp]:
    if limit >= len(scores):
        return np.argsort(-scores, kind="stable")
    top = np.argpartition(-scores, limit - 1)[:limit]
    return top[np.argsort(-scores[top], kind="stable")]
