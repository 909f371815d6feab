"""Recall over canned answers and confirmed messages, by any langchain-core retriever."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from threading import Lock
from time import monotonic

from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from retrieval.hybrid import HybridRetriever
from retrieval.library import Hit, Library
from retrieval.passages import Passage
from service.domain.answers import CannedAnswer
from service.domain.candidates import Neighbour, ScoredAnswer
from service.domain.collections import answers_of, confirmed_of
from service.domain.redacted import RedactedText
from service.pipeline.fitting import Evidence, Found, fit

RetrieverOf = Callable[[str], BaseRetriever]
"""The retriever of a collection. It takes `limit` with each call, and its Documents carry their id."""

ANSWERS_CONSIDERED = 200
NEIGHBOURS_CONSIDERED = 30
SPEAKING = 15
"""How many of the nearest confirmed messages speak for the answers that they got."""

_SHARPNESS = 3
_RELEVANT = 0.1
_NUMBERS = ("score", "similarity", "lexical")
_REMEMBERED = 1_000
_REMEMBERED_S = 5.0


class RetrievedSearch:
    """A `service.ports.Search`. The `_now` methods are the same without an event loop, for bulk workers.

    A message's answers rest on what its neighbours were found with: asked for within some seconds, they
    cost arithmetic and neither a search nor a thread. Neighbours are always searched for anew.
    """

    def __init__(
        self,
        retriever_of: RetrieverOf,
        degraded: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        self._retriever_of = lru_cache(maxsize=1_000)(retriever_of)
        self._degraded = degraded
        self._found: OrderedDict[tuple[object, ...], tuple[float, Evidence]] = OrderedDict()
        self._lock = Lock()

    @classmethod
    def over(cls, library: Library) -> "RetrievedSearch":
        """Over the built-in hybrid search."""
        return cls(
            lambda collection: HybridRetriever(library=library, collection=collection),
            lambda: library.degraded,
        )

    @property
    def degraded(self) -> tuple[str, ...]:
        return self._degraded()

    async def answers(
        self,
        account: str,
        text: RedactedText,
        language: str | None = None,
        queue: str | None = None,
        limit: int = 10,
        without: str | None = None,
        queues: Mapping[str, float] | None = None,
    ) -> Sequence[ScoredAnswer]:
        asked = (account, text, language, queue, limit, without, queues)
        if self._remembered(account, text, without) is not None:
            return self.answers_now(*asked)
        return await asyncio.to_thread(self.answers_now, *asked)

    async def neighbours(
        self, account: str, text: RedactedText, limit: int = 10, without: str | None = None
    ) -> Sequence[Neighbour]:
        return await asyncio.to_thread(self.neighbours_now, account, text, limit, without)

    def answers_now(
        self,
        account: str,
        text: RedactedText,
        language: str | None = None,
        queue: str | None = None,
        limit: int = 10,
        without: str | None = None,
        queues: Mapping[str, float] | None = None,
    ) -> Sequence[ScoredAnswer]:
        known = queues if queue is None else {queue: 1.0}
        evidence = self._remembered(account, text, without) or self._searched(account, text, without)
        return fit(evidence, known, language, limit)

    def neighbours_now(
        self, account: str, text: RedactedText, limit: int = 10, without: str | None = None
    ) -> Sequence[Neighbour]:
        evidence = self._searched(account, text, without)
        self._remember((account, text, without), evidence)
        nearest = [neighbour for neighbour, _ in evidence.nearest]
        return sorted(nearest, key=lambda one: (-one.similarity, one.id))[:limit]

    def _remembered(self, account: str, text: str, without: str | None) -> Evidence | None:
        with self._lock:
            found_at, evidence = self._found.get((account, text, without), (0.0, None))
        return evidence if monotonic() - found_at < _REMEMBERED_S else None

    def _remember(self, asked: tuple[str, str, str | None], evidence: Evidence) -> None:
        """What has grown old is dropped, lest messages of an hour ago stay in memory."""
        now = monotonic()
        with self._lock:
            self._found.pop(asked, None)
            self._found[asked] = (now, evidence)
            while len(self._found) > _REMEMBERED or next(iter(self._found.values()))[0] < now - _REMEMBERED_S:
                self._found.popitem(last=False)

    def _searched(self, account: str, text: str, without: str | None) -> Evidence:
        if not text.strip():
            return Evidence()
        confirmed = _hits(self._retriever_of(confirmed_of(account)), text, NEIGHBOURS_CONSIDERED + 1)
        others = _voices(hit for hit in confirmed if hit.passage.id != without)[:NEIGHBOURS_CONSIDERED]
        answers = _hits(self._retriever_of(answers_of(account)), text, ANSWERS_CONSIDERED)
        nearest = [(_neighbour(hit), weight) for hit, weight in zip(others, _weights(others), strict=True)]
        return Evidence([_found(hit) for hit in answers if "answer" in hit.passage.metadata], nearest)


def _hits(retriever: BaseRetriever, text: str, limit: int) -> list[Hit]:
    """Of our own retriever without the detour over Documents; of any other one from whatever they tell."""
    if isinstance(retriever, HybridRetriever):
        return retriever.hits(text, limit)
    return [_hit(rank, document) for rank, document in enumerate(retriever.invoke(text, limit=limit))]


def _hit(rank: int, document: Document) -> Hit:
    """A retriever may give all of our numbers, a score, or nothing but an order."""
    told = {name: float(document.metadata[name]) for name in _NUMBERS if name in document.metadata}
    score = told.get("score", 0.0)
    metadata = {name: str(value) for name, value in document.metadata.items()}
    return Hit(
        passage=Passage(document.id or "", document.page_content, metadata),
        score=told.get("score", 1 / (1 + rank)),
        similarity=told.get("similarity", score),
        lexical=told.get("lexical", score),
    )


def _voices(nearest: Iterable[Hit]) -> list[Hit]:
    """Without those that only repeat a nearer one: the same text of the same sender in the same queue."""
    heard: set[str] = set()
    kept = []
    for hit in nearest:
        voice = hit.passage.metadata.get("voice", "")
        if not voice or voice not in heard:
            kept.append(hit)
        heard.add(voice)
    return kept


def _weights(nearest: Sequence[Hit]) -> list[float]:
    """How much each neighbour's answers count, against the best one's."""
    best = max((hit.score for hit in nearest), default=0.0)
    if best <= 0:
        return [0.0] * len(nearest)
    ranked_only = all(hit.similarity == 0 for hit in nearest)
    speaking = [
        (max(hit.score, 0.0) / best) ** _SHARPNESS * (1.0 if ranked_only else _relevance(hit))
        for hit in nearest[:SPEAKING]
    ]
    return speaking + [0.0] * (len(nearest) - len(speaking))


def _relevance(hit: Hit) -> float:
    """Below a cosine of 0.1 (the nearest of a handful of messages is at 0.16 in the middle) less and less."""
    return min(1.0, max(hit.similarity, 0.0) / _RELEVANT)


def _neighbour(hit: Hit) -> Neighbour:
    metadata = hit.passage.metadata
    return Neighbour(
        id=hit.passage.id,
        text=RedactedText(hit.passage.text),  # as it was indexed: see `service.desk.passages`
        queue=metadata.get("queue") or metadata.get("group", ""),
        similarity=hit.similarity,
        answers=tuple(answer for answer in metadata.get("answers", "").split(",") if answer),
    )


def _found(hit: Hit) -> Found:
    return Found(_canned(hit.passage.metadata["answer"]), hit.lexical, hit.similarity)


@lru_cache(maxsize=20_000)
def _canned(content: str) -> CannedAnswer:
    return CannedAnswer.model_validate_json(content)
