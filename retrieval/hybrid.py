"""The hybrid search as a langchain-core retriever, so that any other retriever can take its place."""

import asyncio
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from retrieval.library import Hit, Library, Recalled, Weighed


class HybridRetriever(BaseRetriever):
    """Finds passages of one collection as Documents, best first.

    `limit`, `language` and `group` may be given with each call: `retriever.invoke(text, limit=5)`.
    A Document has the passage's id, text and metadata, and in its metadata also the numbers
    `score`, `similarity` and `lexical` of `retrieval.library.Hit`. `hits` finds the same without them.
    """

    library: Library
    collection: str
    limit: int = 10
    language: str | None = None
    group: str | None = None

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 (langchain passes it by name)
        **asked: Any,
    ) -> list[Document]:
        return self._found(query, asked)

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,  # noqa: ARG002 (langchain passes it by name)
        **asked: Any,
    ) -> list[Document]:
        return await asyncio.to_thread(self._found, query, asked)

    def hits(
        self, query: str, limit: int | None = None, language: str | None = None, group: str | None = None
    ) -> list[Hit]:
        """What `invoke` finds, not made into Documents: a hundred of them take longer than the search."""
        language, group = language or self.language, group or self.group
        return self.library.search(self.collection, query, limit or self.limit, language, group)

    def nearest(self, query: str, limit: int) -> list[Hit]:
        """By vectors alone, whatever `language` and `group` are; by words where the embedder does not answer."""
        return self.library.nearest(self.collection, query, limit)

    def with_whole(self, other: "HybridRetriever", query: str, limit: int, *, at_once: bool = False) -> Recalled | None:
        """`nearest` of this one's collection and `weigh` of another's of the same library, in one look.

        `at_once`: for an event loop; None where something would have to be waited for."""
        find = self.library.recall_at_once if at_once else self.library.recall
        return find(self.collection, other.collection, query, limit)

    def weigh(self, query: str) -> Weighed:
        """All of the collection's passages with their numbers, whatever `limit`, `language` and `group` are."""
        return self.library.weigh(self.collection, query)

    def _found(self, query: str, asked: dict[str, Any]) -> list[Document]:
        return [_document(hit) for hit in self.hits(query, **asked)]


def _document(hit: Hit) -> Document:
    """Not validated again: it would take longer than the search."""
    numbers = {"score": hit.score, "similarity": hit.similarity, "lexical": hit.lexical}
    passage = hit.passage
    return Document.model_construct(
        id=passage.id, page_content=passage.text, metadata={**passage.metadata, **numbers}, type="Document"
    )
