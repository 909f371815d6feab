"""Passages in memory, written once, and the product's own search over them."""

from collections.abc import Iterable, Mapping, Sequence

from evals.account import Case
from retrieval.embedding import Embedder
from retrieval.hashed import HashedEmbedder
from retrieval.library import Library
from retrieval.passages import Passage, StoredPassage, Vector
from retrieval.upkeep import KeptIndex
from service.desk.answers.passages import answer_passages, lesson_passages
from service.domain.answers import CannedAnswer
from service.domain.collections import answers_of, confirmed_of
from service.storage.confirmed import Lesson


class Shelf:
    """A `retrieval.passages.PassageStore`."""

    def __init__(self, collections: Mapping[str, Sequence[Passage]]) -> None:
        self.collections = collections

    at_hand = True

    def revision(self, collection: str) -> int:  # noqa: ARG002 (the Protocol's names)
        return 1

    def revisions(self, one: str, other: str) -> tuple[int, int]:  # noqa: ARG002
        return 1, 1

    def read(self, collection: str, embedder: str, after: int | None = None) -> list[StoredPassage]:  # noqa: ARG002
        return [StoredPassage(one, None) for one in self.collections.get(collection, ())]

    def put(self, collection: str, passages: Sequence[Passage]) -> None: ...

    def put_vectors(self, collection: str, embedder: str, vectors: Mapping[str, Vector]) -> None: ...

    def delete(self, collection: str, ids: Sequence[str]) -> None: ...


def collections_of(account: str, answers: Iterable[CannedAnswer], known: Iterable[Case]) -> dict[str, list[Passage]]:
    """As the product keeps them: an account's answers, and its confirmed messages."""
    lessons = [Lesson(case.confirmed, case.example.redacted) for case in known]
    return {answers_of(account): answer_passages(answers), confirmed_of(account): lesson_passages(lessons)}


def library_of(
    collections: Mapping[str, Sequence[Passage]], index: KeptIndex | None = None, embedder: Embedder | None = None
) -> Library:
    return Library(Shelf(collections), embedder or HashedEmbedder(), index)
