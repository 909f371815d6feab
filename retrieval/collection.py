"""A collection followed through its changes: the store is asked, and only what changed is done again."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from threading import Lock
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding import Embedder, EmbedderUnavailableError
from retrieval.lexical import LexicalIndex
from retrieval.passages import Passage, PassageStore, StoredPassage, Vector
from retrieval.snapshot import Entry, Snapshot, digest

EMBEDDED_AT_ONCE = 64
_PATIENCE_S = 2.0
_REST_S = 10.0


class Collection:
    """Thread-safe. `current()` is the newest snapshot, made anew where the store's revision moved."""

    def __init__(self, name: str, store: PassageStore, embedder: Embedder, retry_after_s: float = _REST_S) -> None:
        self.name = name
        self._store = store
        self._embedder = embedder
        self._retry_after_s = retry_after_s
        self._lexical = LexicalIndex()
        self._rows = Rows()
        self._snapshot: Snapshot | None = None
        self._changing = Lock()
        self._try_again_at: float | None = None

    def current(self) -> Snapshot:
        """The collection as the store has it now. Raises what the store raises.

        While another thread takes in a large change, this waits a little, then gives what was before.
        Passages that the embedder cannot do now stay without a vector, and are tried again later.
        """
        known = self.at_hand(self._store.revision(self.name))
        return self._brought_up() if known is None else known

    def at_hand(self, revision: int) -> Snapshot | None:
        """The collection at that revision, where nothing has to be taken in for it."""
        seen = self._snapshot
        if seen is not None and seen.revision == revision and not self._worth_trying_again():
            return seen
        return None

    def _brought_up(self) -> Snapshot:
        seen = self._snapshot
        if not self._changing.acquire(timeout=_PATIENCE_S if seen else -1):
            return seen if seen is not None else self.current()
        try:
            return self._taken_in()
        finally:
            self._changing.release()

    def _taken_in(self) -> Snapshot:
        revision = self._store.revision(self.name)
        if self._snapshot is not None and self._snapshot.revision == revision and not self._worth_trying_again():
            return self._snapshot
        known = dict(self._snapshot.entries) if self._snapshot else {}
        changed, gone = self._differing(revision, known)
        refound = [s.passage for s in changed if _searched(known.get(s.passage.id)) != digest(s.passage)]
        vectors = self._vectors(changed)
        entries = self._entries(known, changed, vectors, gone)
        lexical = self._lexical.update(refound, gone)
        self._snapshot = Snapshot(self.name, self._embedder.name, revision, entries, self._rows.view, lexical)
        return self._snapshot

    def _differing(self, revision: int, known: dict[str, Entry]) -> tuple[list[StoredPassage], list[str]]:
        """Passages that are new or other than known, and the ids that are no more.

        A passage that was put tells the revision that it made. Where all since the last look are told so, nothing was
        removed, and nothing else need be read: it would take longer the more the collection holds.
        """
        if self._snapshot is not None and self._try_again_at is None and revision > self._snapshot.revision:
            put = list(self._store.read(self.name, self._embedder.name, self._snapshot.revision))
            if {one.revision for one in put}.issuperset(range(self._snapshot.revision + 1, revision + 1)):
                return _changed(put, known), []
        stored = list(self._store.read(self.name, self._embedder.name))
        return _changed(stored, known), sorted(known.keys() - {one.passage.id for one in stored})

    def _worth_trying_again(self) -> bool:
        return self._try_again_at is not None and monotonic() >= self._try_again_at

    def _entries(
        self,
        known: dict[str, Entry],
        changed: Sequence[StoredPassage],
        vectors: Mapping[str, Vector],
        gone: Sequence[str],
    ) -> dict[str, Entry]:
        """What is known after the change, by id. Rows that nothing uses any more are dropped now and then."""
        for passage_id in gone:
            del known[passage_id]
        rows = dict(zip(vectors, self._rows.add(list(vectors.values())), strict=True))
        for stored in changed:
            passage = stored.passage
            known[passage.id] = Entry(passage, digest(passage), rows.get(passage.id, -1))
        if self._rows.wasteful(len(known)):
            return self._repacked(known)
        return known

    def _repacked(self, known: dict[str, Entry]) -> dict[str, Entry]:
        kept = [(key, entry.row) for key, entry in known.items() if entry.row >= 0]
        self._rows = self._rows.only([row for _, row in kept])
        rows = {key: row for row, (key, _) in enumerate(kept)}
        return {key: entry._replace(row=rows.get(key, -1)) for key, entry in known.items()}

    def _vectors(self, changed: Sequence[StoredPassage]) -> dict[str, Vector]:
        """Vectors by id. What the store lacks is made and kept there, batch by batch, as far as it can be."""
        vectors = {stored.passage.id: stored.vector for stored in changed if stored.vector is not None}
        lacking = iter([stored.passage for stored in changed if stored.vector is None])
        self._try_again_at = None
        try:
            while batch := list(islice(lacking, EMBEDDED_AT_ONCE)):
                vectors |= self._made(batch)
        except EmbedderUnavailableError:
            self._try_again_at = monotonic() + self._retry_after_s
        return vectors

    def _made(self, batch: Sequence[Passage]) -> dict[str, Vector]:
        vectors = self._embedder.embed([passage.text for passage in batch])
        made = {passage.id: vector for passage, vector in zip(batch, vectors, strict=True)}
        self._store.put_vectors(self.name, self._embedder.name, made)
        return made


class Rows:
    """Vectors in one growing block. A view taken before rows were added stays as it was."""

    def __init__(self, block: NDArray[np.float32] | None = None) -> None:
        self._block = np.zeros((0, 0), dtype=np.float32) if block is None else block
        self._used = len(self._block)

    @property
    def view(self) -> NDArray[np.float32]:
        return self._block[: self._used]

    def add(self, vectors: Sequence[Vector]) -> range:
        """The rows that the vectors were put into."""
        start = self._used
        if vectors:
            self._make_room(len(vectors), len(vectors[0]))
            self._used += len(vectors)
            self._block[start : self._used] = vectors
        return range(start, self._used)

    def wasteful(self, needed: int) -> bool:
        return self._used > 2 * needed + 1_000

    def only(self, rows: Sequence[int]) -> "Rows":
        return Rows(self._block[rows])

    def _make_room(self, more: int, dimensions: int) -> None:
        if self._used + more <= len(self._block):
            return
        grown = np.zeros((self._used + more + len(self._block) // 4 + 8, dimensions), dtype=np.float32)
        if self._used:
            grown[: self._used] = self.view
        self._block = grown


def _changed(stored: Iterable[StoredPassage], known: Mapping[str, Entry]) -> list[StoredPassage]:
    entries = ((one, known.get(one.passage.id)) for one in stored)
    return [one for one, entry in entries if entry is None or entry.passage != one.passage or entry.row < 0]


def _searched(entry: Entry | None) -> str | None:
    return entry.digest if entry else None
