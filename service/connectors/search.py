"""Recall over canned answers and confirmed messages, by any langchain-core retriever."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from retrieval.hybrid import HybridRetriever
from retrieval.library import Hit, Library, Recalled, Weighed
from retrieval.passages import Passage
from service.domain.answers import CannedAnswer
from service.domain.candidates import Candidates, Neighbour, Told
from service.domain.collections import answers_of, confirmed_of
from service.domain.redacted import RedactedText

RetrieverOf = Callable[[str], BaseRetriever]
"""The retriever of a collection. It takes `limit` with each call, and its Documents carry their id."""

ANSWERS_CONSIDERED = 200
"""Of another retriever than our own, which is asked about all of them."""
NEIGHBOURS_CONSIDERED = 30
CONSIDERED = NEIGHBOURS_CONSIDERED + 1
"""The message at hand may be among them."""

_NUMBERS = ("score", "similarity", "lexical")


class RetrievedSearch:
    """A `service.ports.Search`. The `_now` methods are the same without an event loop, for bulk workers.

    A message is searched for once in each collection; its answers are ranked later, in memory, from what was found.
    """

    def __init__(
        self,
        retriever_of: RetrieverOf,
        degraded: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        self._retriever_of = lru_cache(maxsize=1_000)(retriever_of)
        self._degraded = degraded
        self._read: dict[str, tuple[Sequence[Passage], Sequence[CannedAnswer]]] = {}

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

    async def recall(self, account: str, text: RedactedText, limit: int = 10, without: str | None = None) -> Candidates:
        if (found := self._at_once(account, text)) is not None:
            return self._candidates(account, found, limit, without)
        return await asyncio.to_thread(self.recall_now, account, text, limit, without)

    async def neighbours(
        self, account: str, text: RedactedText, limit: int = 10, without: str | None = None
    ) -> Sequence[Neighbour]:
        return await asyncio.to_thread(self.neighbours_now, account, text, limit, without)

    def recall_now(self, account: str, text: RedactedText, limit: int = 10, without: str | None = None) -> Candidates:
        if not text.strip():
            return Candidates(degraded=self.degraded)
        confirmed, answers = self._both(account)
        found = _ours(confirmed, answers, text)
        if found is None:
            found = Recalled(_nearest(confirmed, text, CONSIDERED), _weighed(answers, text))
        return self._candidates(account, found, limit, without)

    def _at_once(self, account: str, text: str) -> Recalled | None:
        """On the event loop, where it takes less time than a hop to a thread and back."""
        return _ours(*self._both(account), text, at_once=True) if text.strip() else None

    def _both(self, account: str) -> tuple[BaseRetriever, BaseRetriever]:
        return self._retriever_of(confirmed_of(account)), self._retriever_of(answers_of(account))

    def _candidates(self, account: str, found: Recalled, limit: int, without: str | None) -> Candidates:
        weighed = found.weighed
        told = Told(self._answers(account, weighed.passages), weighed.lexical, weighed.similar)
        near = tuple(_neighbours(found.nearest, limit, without))
        return Candidates(neighbours=near, degraded=self.degraded, told=told)

    def neighbours_now(
        self, account: str, text: RedactedText, limit: int = 10, without: str | None = None
    ) -> Sequence[Neighbour]:
        if not text.strip():
            return ()
        confirmed = _nearest(self._retriever_of(confirmed_of(account)), text, CONSIDERED)
        return _neighbours(confirmed, limit, without)

    def _answers(self, account: str, passages: Sequence[Passage]) -> Sequence[CannedAnswer]:
        """Read once, for as long as the account's passages stay the same."""
        read, answers = self._read.get(account, ((), ()))
        if read is not passages:
            answers = [_canned(one.metadata["answer"]) for one in passages]
            self._read[account] = (passages, answers)
        return answers


def _ours(confirmed: BaseRetriever, answers: BaseRetriever, text: str, *, at_once: bool = False) -> Recalled | None:
    """By our own retrievers; None where they are others, or where it cannot be `at_once`."""
    if type(confirmed) is HybridRetriever and type(answers) is HybridRetriever:
        return confirmed.with_whole(answers, text, CONSIDERED, at_once=at_once)
    return None


def _neighbours(confirmed: Iterable[Hit], limit: int, without: str | None) -> list[Neighbour]:
    others = _voices(hit for hit in confirmed if hit.passage.id != without)[:NEIGHBOURS_CONSIDERED]
    return [_neighbour(hit) for hit in sorted(others, key=lambda hit: -hit.similarity)[:limit]]


def _nearest(retriever: BaseRetriever, text: str, limit: int) -> list[Hit]:
    """By our own retriever those of the nearest vectors, as the neighbours' vote was learned: words added nothing."""
    if isinstance(retriever, HybridRetriever):
        return retriever.nearest(text, limit)
    return _hits(retriever, text, limit)


def _hits(retriever: BaseRetriever, text: str, limit: int) -> list[Hit]:
    """Of any retriever, from whatever its Documents tell."""
    return [_hit(rank, document) for rank, document in enumerate(retriever.invoke(text, limit=limit))]


def _weighed(retriever: BaseRetriever, text: str) -> Weighed:
    if isinstance(retriever, HybridRetriever):
        return retriever.weigh(text)
    found = [hit for hit in _hits(retriever, text, ANSWERS_CONSIDERED) if "answer" in hit.passage.metadata]
    return Weighed([one.passage for one in found], [one.similarity for one in found], [one.lexical for one in found])


def _hit(rank: int, document: Document) -> Hit:
    """A retriever may give all of our numbers, a score, or nothing but an order."""
    told = {name: float(document.metadata[name]) for name in _NUMBERS if name in document.metadata}
    score = told.get("score", 0.0)
    metadata = {name: str(value) for name, value in document.metadata.items()}
    return Hit(
        passage=Passage(document.id or "", document.page_content, metadata),
        score=told.get("score", 1 / (1 + rank)),
        similarity=told.get("similarity", score),
        lexical=told.get("lexical", score or 1 / (1 + rank)),
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


def _neighbour(hit: Hit) -> Neighbour:
    metadata = hit.passage.metadata
    return Neighbour(
        id=hit.passage.id,
        text=RedactedText(hit.passage.text),  # as it was indexed: see `service.desk.answers.passages`
        queue=metadata.get("queue") or metadata.get("group", ""),
        similarity=hit.similarity,
        answers=tuple(answer for answer in metadata.get("answers", "").split(",") if answer),
    )


@lru_cache(maxsize=20_000)
def _canned(content: str) -> CannedAnswer:
    return CannedAnswer.model_validate_json(content)
