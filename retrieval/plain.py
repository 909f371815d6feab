"""The hybrid search of one collection as such: `retrieval.hybrid` makes a langchain-core retriever of it."""

from dataclasses import dataclass

from retrieval.library import Hit, Library, Recalled, Weighed


class Hybrid:
    """What can be asked of a collection, whoever holds it."""

    library: Library
    collection: str

    def nearest(self, query: str, limit: int) -> list[Hit]:
        """By vectors alone, whatever their language and group are; by words where the embedder does not answer."""
        return self.library.nearest(self.collection, query, limit)

    def with_whole(self, other: "Hybrid", query: str, limit: int, *, at_once: bool = False) -> Recalled | None:
        """`nearest` of this one's collection and `weigh` of another's of the same library, in one look.

        `at_once`: for an event loop; None where something would have to be waited for."""
        find = self.library.recall_at_once if at_once else self.library.recall
        return find(self.collection, other.collection, query, limit)

    def weigh(self, query: str) -> Weighed:
        """All of the collection's passages with their numbers, whatever their language and group are."""
        return self.library.weigh(self.collection, query)


@dataclass(frozen=True)
class PlainSearch(Hybrid):
    """Nothing but that: importing langchain-core and what it needs takes a program's start a quarter longer."""

    library: Library
    collection: str
