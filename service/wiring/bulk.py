"""What a process that triages one file, and nothing else, may do cheaper than a server."""

from collections.abc import Iterable, Mapping, Sequence
from time import monotonic

from retrieval.passages import Passage, StoredPassage, Vector
from service.connectors.search import RetrievedSearch
from service.domain.candidates import Candidates, Neighbour
from service.domain.redacted import RedactedText
from service.storage.passages import Passages

LOOK_S = 1.0
"""A passage that another process adds is found after at most this long."""


class SteadyPassages:
    """A `retrieval.passages.PassageStore` that asks for a revision once a second: asking for it several
    times a message took an eighth of a bulk run."""

    def __init__(self, passages: Passages) -> None:
        self._passages = passages
        self._looked: dict[str, tuple[float, int]] = {}

    @property
    def at_hand(self) -> bool:
        return self._passages.at_hand

    def revisions(self, one: str, other: str) -> tuple[int, int]:
        return self.revision(one), self.revision(other)

    def revision(self, collection: str) -> int:
        now = monotonic()
        looked, known = self._looked.get(collection, (-LOOK_S, 0))
        if now - looked >= LOOK_S:
            known = self._passages.revision(collection)
            self._looked[collection] = (now, known)
        return known

    def read(self, collection: str, embedder: str, after: int | None = None) -> Iterable[StoredPassage]:
        return self._passages.read(collection, embedder, after)

    def put(self, collection: str, passages: Sequence[Passage]) -> None:
        self._passages.put(collection, passages)

    def put_vectors(self, collection: str, embedder: str, vectors: Mapping[str, Vector]) -> None:
        self._passages.put_vectors(collection, embedder, vectors)

    def delete(self, collection: str, ids: Sequence[str]) -> None:
        self._passages.delete(collection, ids)


class InlineSearch:
    """A `service.ports.Search` without threads: where nobody else waits for the event loop, a hop to a thread
    and back costs more than it gives."""

    def __init__(self, search: RetrievedSearch) -> None:
        self._search = search

    @property
    def degraded(self) -> tuple[str, ...]:
        return self._search.degraded

    async def recall(self, account: str, text: RedactedText, limit: int = 10, without: str | None = None) -> Candidates:
        return self._search.recall_now(account, text, limit, without)

    async def neighbours(
        self, account: str, text: RedactedText, limit: int = 10, without: str | None = None
    ) -> Sequence[Neighbour]:
        return self._search.neighbours_now(account, text, limit, without)
