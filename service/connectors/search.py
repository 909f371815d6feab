"""Recall over canned answers and confirmed messages, by any langchain-core retriever."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from threading import Lock
from time import monotonic

from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from retrieval.hybrid import HybridRetriever
from retrieval.library import Library
from service.domain.answers import CannedAnswer
from service.domain.candidates import Neighbour, ScoredAnswer
from service.domain.collections import answers_of, confirmed_of
from service.pipeline.fitting import Evidence, Found, fit

RetrieverOf = Callable[[str], BaseRetriever]
"""The retriever of a collection. It takes `limit` with each call, and its Documents carry their id."""

ANSWERS_CONSIDERED = 200
NEIGHBOURS_CONSIDERED = 30
SPEAKING = 15
"""How many of the nearest confirmed messages speak for the answers that they got."""

_SHARPNESS = 3
_RELEVANT = 0.1
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
        text: str,
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
        self, account: str, text: str, limit: int = 10, without: str | None = None
    ) -> Sequence[Neighbour]:
        return await asyncio.to_thread(self.neighbours_now, account, text, limit, without)

    def answers_now(
        self,
        account: str,
        text: str,
        language: str | None = None,
        queue: str | None = None,
        limit: int = 10,
        without: str | None = None,
        queues: Mapping[str, float] | None = None,
    ) -> Sequence[ScoredAnswer]:
        known = queues if queue is None else {queue: 1.0}
        evidence = self._remembered(account, text, without) or self._searched(account, text, without)
        return [one for one in fit(evidence, known) if language in (None, one.answer.language)][:limit]

    def neighbours_now(
        self, account: str, text: str, limit: int = 10, without: str | None = None
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
        confirmed = self._retriever_of(confirmed_of(account)).invoke(text, limit=NEIGHBOURS_CONSIDERED + 1)
        others = [document for document in confirmed if document.id != without][:NEIGHBOURS_CONSIDERED]
        answers = self._retriever_of(answers_of(account)).invoke(text, limit=ANSWERS_CONSIDERED)
        nearest = [(_neighbour(one), weight) for one, weight in zip(others, _weights(others), strict=True)]
        return Evidence([_found(one) for one in answers if "answer" in one.metadata], nearest)


def _weights(nearest: Sequence[Document]) -> list[float]:
    """How much each neighbour's answers count, against the best one's; other retrievers may rank only."""
    scores = [max(_number(document, "score", 1 / (1 + rank)), 0.0) for rank, document in enumerate(nearest)]
    best = max(scores, default=0.0) or 1.0
    speaking = zip(nearest[:SPEAKING], scores, strict=False)
    weights = [(score / best) ** _SHARPNESS * _relevance(document) for document, score in speaking]
    return weights + [0.0] * (len(nearest) - len(weights))


def _relevance(document: Document) -> float:
    """Below a cosine of 0.1 (the nearest of a handful of messages is at 0.16 in the middle) less and less."""
    return min(1.0, max(_number(document, "similarity", 1.0), 0.0) / _RELEVANT)


def _neighbour(document: Document) -> Neighbour:
    answers = str(document.metadata.get("answers", ""))
    return Neighbour(
        id=document.id or "",
        text=document.page_content,
        queue=str(document.metadata.get("queue") or document.metadata.get("group", "")),
        similarity=_number(document, "similarity", _number(document, "score", 0.0)),
        answers=tuple(answer for answer in answers.split(",") if answer),
    )


def _found(document: Document) -> Found:
    score = _number(document, "score", 0.0)
    return Found(
        answer=_canned(str(document.metadata["answer"])),
        lexical=_number(document, "lexical", score),
        similarity=_number(document, "similarity", score),
    )


def _number(document: Document, name: str, otherwise: float) -> float:
    return float(document.metadata.get(name, otherwise))


@lru_cache(maxsize=20_000)
def _canned(content: str) -> CannedAnswer:
    return CannedAnswer.model_validate_json(content)
