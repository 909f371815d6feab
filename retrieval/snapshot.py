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
Cosines = NDArray[np.float64]
"""One a passage of a snapshot, in its order, in [-1, 1]."""

_DIGITS = 6


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

    @cached_property
    def passages(self) -> Sequence[Passage]:
        """All of them, those without a vector too."""
        return [entry.passage for entry in self.entries.values()]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each id stands in `passages`."""
        return {key: place for place, key in enumerate(self.entries)}

    @cached_property
    def _all_rows(self) -> NDArray[np.intp]:
        return np.array([entry.row for entry in self.entries.values()], dtype=np.intp)

    def cosines(self, vector: Vector) -> Cosines:
        """Of all passages; 0 for those without a vector."""
        if not len(self.matrix):
            return np.zeros(len(self))
        found = np.where(self._all_rows >= 0, (self.matrix @ vector)[self._all_rows], np.float32(0))
        return found.astype(np.float64).round(_DIGITS)

    def best(self, cosines: Cosines, limit: int) -> dict[str, float]:
        """The nearest passages that have a vector, best first, of the cosines of all; of equal ones by id, so that it
        does not matter in which order they came in."""
        known = np.where(self._all_rows >= 0, cosines, -np.inf)
        places = _best(known, min(limit, len(self.ids)))
        if not len(places):
            return {}
        near = np.flatnonzero(known >= known[places[-1]]).tolist()
        found = sorted((-float(cosines[place]), self.passages[place].id) for place in near)
        return {key: -minus for minus, key in found[: len(places)]}

    def kept(self, filters: Mapping[str, str]) -> NDArray[np.intp]:
        """Positions in `ids` of the passages that have all of `filters`."""
        positions = np.arange(len(self.ids))
        for pair in filters.items():
            positions = np.intersect1d(positions, self._having(pair), assume_unique=True)
        return positions

    def similarities(self, passage_ids: Sequence[str], vector: Vector) -> dict[str, float]:
        """Cosines in [-1, 1] by id; 0 for a passage without a vector. Raises KeyError."""
        rows = np.array([self.entries[key].row for key in passage_ids], dtype=np.intp)
        cosines = np.where(rows >= 0, self.matrix[rows] @ vector, 0.0) if len(self.matrix) else np.zeros(len(rows))
        return dict(zip(passage_ids, _rounded(cosines), strict=True))

    def nearest(self, vector: Vector, limit: int, filters: Mapping[str, str] | None = None) -> Near:
        """Exact search by cosine: the oracle for every index, and its fallback."""
        if not self.ids or limit < 1:
            return []
        positions = self.kept(filters) if filters else None
        scores = (self.matrix @ vector)[self.rows] if positions is None else self.matrix[self.rows[positions]] @ vector
        best = _best(scores, limit)
        found = best if positions is None else positions[best]
        return list(zip([self.ids[position] for position in found], _rounded(scores[best]), strict=True))

    def _having(self, pair: tuple[str, str]) -> NDArray[np.intp]:
        if pair not in self._of_filter:
            name, value = pair
            having = [i for i, key in enumerate(self.ids) if self.entries[key].passage.metadata.get(name) == value]
            self._of_filter[pair] = np.array(having, dtype=np.intp)
        return self._of_filter[pair]


def _best(scores: NDArray[np.floating], limit: int) -> NDArray[np.intp]:
    if limit >= len(scores):
        return np.argsort(-scores, kind="stable")
    top = np.argpartition(-scores, limit - 1)[:limit]
    return top[np.argsort(-scores[top], kind="stable")]


def _rounded(cosines: NDArray[np.floating]) -> list[float]:
    """Without the last digits, which depend on the order of the sum: equal texts stay equal."""
    rounded: list[float] = np.round(cosines.astype(np.float64), _DIGITS).tolist()
    return rounded
