"""Collections of passages, found by meaning and by words at once."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from threading import Lock
from typing import NamedTuple

from retrieval.breaker import Breaker
from retrieval.collection import Collection
from retrieval.embedding import Embedder, EmbedderUnavailableError, knows_meanings
from retrieval.fusion import score_fusion
from retrieval.passages import Passage, PassageStore, Vector
from retrieval.snapshot import Near, Snapshot
from retrieval.upkeep import KeptIndex

LEAST_CONSIDERED = 50
"""Passages taken from each ranking before they are fused."""

EXACT_UP_TO = 10_000
"""Vectors up to which comparing each takes less time than asking Chroma: 0.1 ms against 2.4 at 1,320, 2.5 against 4.6
at 10,000 (docs/adr/0003)."""

WORDED = 500
"""Passages of a collection weighed as a whole that get a score for their words, the best ones."""

_REMEMBERED_TEXTS = 256
_AT_ONCE_VECTORS = 3_000
_AT_ONCE_CHARS = 5_000
_LOOKED_AT_EVERY = 64


class Hit(NamedTuple):
    """A passage found. `similarity` is the cosine in [-1, 1], `lexical` the BM25 score, from 0 up;
    `score` in [0, 1] is both put together, and orders the hits of one search."""

    passage: Passage
    score: float
    similarity: float
    lexical: float


class Weighed(NamedTuple):
    """All passages of a collection, each with its cosine in [-1, 1] and its BM25 score, from 0 up."""

    passages: Sequence[Passage]
    similar: Sequence[float]
    lexical: Sequence[float]


class Recalled(NamedTuple):
    """What one message needs of two collections."""

    nearest: list[Hit]
    weighed: Weighed


class Library:
    """Hybrid search over the store's collections, always as the store has them now. Thread-safe.

    Without an index, vectors are searched exactly: the right choice for many short-lived processes. With one, so are
    collections of up to `exact_up_to` vectors; the index is then asked now and then, in the background, so that it is
    noticed when it fails before it is needed.
    """

    def __init__(
        self, store: PassageStore, embedder: Embedder, index: KeptIndex | None = None, exact_up_to: int = 0
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._index = index
        self._exact_up_to = exact_up_to
        self._searches = count(1)
        self._collections: dict[str, Collection] = {}
        self._vectors: OrderedDict[str, Vector] = OrderedDict()
        self._lock = Lock()
        self._breaker = Breaker()

    @property
    def embedder(self) -> str:
        return self._embedder.name

    @property
    def degraded(self) -> tuple[str, ...]:
        """`index`: exact search answers for a failing index. `embedder`: words alone are searched."""
        failing = {"index": self._index is not None and self._index.failing, "embedder": self._breaker.failing}
        return tuple(name for name, is_failing in failing.items() if is_failing)

    def search(
        self, collection: str, text: str, limit: int = 10, language: str | None = None, group: str | None = None
    ) -> list[Hit]:
        """The `limit` passages nearest to `text`, best first. Raises what the store raises."""
        filters = {name: value for name, value in (("language", language), ("group", group)) if value is not None}
        return self._searched(self._collection(collection).current(), text, limit, filters)

    def _searched(self, snapshot: Snapshot, text: str, limit: int, filters: Mapping[str, str]) -> list[Hit]:
        considered = max(LEAST_CONSIDERED, 2 * limit)
        vector = self._vector(text)
        lexical = snapshot.lexical.search(text, considered, filters)
        similar = self._similar(snapshot, vector, considered, filters, lexical)
        fused = score_fusion(similar, lexical)
        best = sorted(fused, key=lambda key: (-fused[key], key))[:limit]
        return [
            Hit(snapshot.entries[key].passage, fused[key], similar.get(key, 0.0), lexical.get(key, 0.0)) for key in best
        ]

    def nearest(self, collection: str, text: str, limit: int = 10) -> list[Hit]:
        """The `limit` passages whose vectors are nearest, best first; where the embedder does not answer, those that
        words find. For a caller to whom likeness is all: it takes a third of a search's time."""
        return self._nearest(self._collection(collection).current(), text, limit)

    def _nearest(self, snapshot: Snapshot, text: str, limit: int) -> list[Hit]:
        vector = self._vector(text)
        if vector is None:
            return self._searched(snapshot, text, limit, {})
        similar = self._similar(snapshot, vector, limit, {}, ())
        return [Hit(snapshot.entries[key].passage, max(score, 0.0), score, 0.0) for key, score in similar.items()]

    def recall(self, near: str, whole: str, text: str, limit: int) -> Recalled:
        """`nearest` of the collection `near` and `weigh` of the collection `whole`; the store is asked once for both.
        Raises what the store raises."""
        snapshots = self._at_hand(near, whole) or (self._collection(near).current(), self._collection(whole).current())
        return self._recalled(*snapshots, text, limit)

    def recall_at_once(self, near: str, whole: str, text: str, limit: int) -> Recalled | None:
        """As `recall`, for an event loop: None where something has to be waited for, be it a store, an index or an
        embedder elsewhere, passages that have changed, or a long calculation."""
        if not self._store.at_hand or knows_meanings(self._embedder.name) or len(text) > _AT_ONCE_CHARS:
            return None
        most = _AT_ONCE_VECTORS if self._index is None else min(_AT_ONCE_VECTORS, self._exact_up_to)
        snapshots = self._at_hand(near, whole)
        if snapshots is None or max(map(len, snapshots)) > most:
            return None
        return self._recalled(*snapshots, text, limit)

    def weigh(self, collection: str, text: str) -> Weighed:
        """The whole collection, for a caller who ranks it by more than its text. Raises what the store raises.

        Passages whose words are not among the best count as if they shared none."""
        return self._weighed(self._collection(collection).current(), text)

    def _weighed(self, snapshot: Snapshot, text: str) -> Weighed:
        if self._index is not None:
            self._index.follow(snapshot)
        vector, lexical = self._vector(text), [0.0] * len(snapshot)
        for key, score in snapshot.lexical.search(text, WORDED, {}).items():
            lexical[snapshot.places[key]] = score
        similar = snapshot.cosines(vector).tolist() if vector is not None else [0.0] * len(snapshot)
        return Weighed(snapshot.passages, similar, lexical)

    def _at_hand(self, near: str, whole: str) -> tuple[Snapshot, Snapshot] | None:
        """Both as the store has them, where neither has changed."""
        revisions = self._store.revisions(near, whole)
        first, second = (self._collection(name).at_hand(at) for name, at in zip((near, whole), revisions, strict=True))
        return None if first is None or second is None else (first, second)

    def _recalled(self, near: Snapshot, whole: Snapshot, text: str, limit: int) -> Recalled:
        return Recalled(self._nearest(near, text, limit), self._weighed(whole, text))

    def remembered(self, text: str) -> Vector | None:
        """The vector of a text that was searched for lately; None where there is none. Never waits for the embedder."""
        with self._lock:
            vector = self._vectors.get(text)
        return vector if vector is not None and vector.any() else None

    def prepare(self, collection: str) -> int:
        """Takes a collection in, makes the vectors that it lacks, and has it indexed. Gives its size."""
        snapshot = self._collection(collection).current()
        if self._index is not None:
            self._index.follow(snapshot)
        return len(snapshot)

    def rebuild(self, timeout_s: float = 600.0) -> bool:
        """Makes the index anew from what was searched or prepared; True when it is there. Searches go on meanwhile."""
        if self._index is None:
            return True
        self._index.rebuild()
        return self._index.settled(timeout_s)

    def settled(self, timeout_s: float = 60.0) -> bool:
        """Waits for the index to be in line with what was searched or prepared; True where it is."""
        return self._index is None or self._index.settled(timeout_s)

    def close(self) -> None:
        if self._index is not None:
            self._index.close()

    def _collection(self, name: str) -> Collection:
        with self._lock:
            if name not in self._collections:
                self._collections[name] = Collection(name, self._store, self._embedder)
            return self._collections[name]

    def _similar(
        self,
        snapshot: Snapshot,
        vector: Vector | None,
        limit: int,
        filters: Mapping[str, str],
        others: Iterable[str],
    ) -> dict[str, float]:
        """Cosines by id: of the nearest, and of `others`. Exact where they are few, or filtered (docs/adr/0003)."""
        if self._index is not None:
            self._index.follow(snapshot)
        if vector is None:
            return {}
        if filters:
            similar = dict(snapshot.nearest(vector, limit, filters))
        elif (found := self._indexed(snapshot, vector, limit)) is not None:
            similar = snapshot.similarities([key for key, _ in found], vector)
        else:
            cosines = snapshot.cosines(vector)
            places = snapshot.places
            return {key: float(cosines[places[key]]) for key in others} | snapshot.best(cosines, limit)
        return similar | snapshot.similarities([key for key in others if key not in similar], vector)

    def _indexed(self, snapshot: Snapshot, vector: Vector, limit: int) -> Near | None:
        """What the index says, where it is worth being asked."""
        if self._index is None:
            return None
        if len(snapshot.ids) <= self._exact_up_to:
            if next(self._searches) % _LOOKED_AT_EVERY == 0:
                self._index.look(snapshot, vector)
            return None
        return self._index.nearest(snapshot, vector, limit) if limit < len(snapshot.ids) else None

    def _vector(self, text: str) -> Vector | None:
        """The text's vector, remembered for its next search; None where the embedder does not answer."""
        with self._lock:
            known = self._vectors.get(text)
        if known is not None:
            return known if known.any() else None
        if self._breaker.resting:
            return None
        try:
            vector: Vector = self._embedder.embed([text])[0]
        except EmbedderUnavailableError:
            self._breaker.failed()
            return None
        self._breaker.worked()
        with self._lock:
            self._vectors[text] = vector
            if len(self._vectors) > _REMEMBERED_TEXTS:
                self._vectors.popitem(last=False)
        return vector if vector.any() else None
