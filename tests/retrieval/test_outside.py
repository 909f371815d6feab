from collections.abc import Sequence

import numpy as np

from retrieval.collection import Collection
from retrieval.outside import OutsideEmbedder
from retrieval.passages import Passage
from tests.retrieval.stores import MemoryStore, passages


class Asked:
    """A model elsewhere that knows three dimensions."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, texts: Sequence[str]) -> list[list[float]]:
        self.texts += texts
        return [[float(len(text)), 1.0, 0.0] for text in texts]


def test_blank_texts_are_zero_vectors_as_long_as_all_others_whoever_comes_first() -> None:
    ask = Asked()
    embedder = OutsideEmbedder("some", ask)
    assert embedder.embed([]).shape[0] == 0
    assert ask.texts == []
    assert np.array_equal(embedder.embed([" ", ""]), np.zeros((2, 3)))
    assert embedder.embed(["RIB"]).any()
    assert len(ask.texts) == 2
    assert embedder.embed([" "]).shape == (1, 3)
    assert len(ask.texts) == 2


def test_a_collection_whose_first_passage_is_blank_is_read_again_by_the_next_process() -> None:
    store = MemoryStore(a=[Passage("empty", " ")])
    Collection("a", store, OutsideEmbedder("some", Asked())).current()
    store.put("a", passages())
    Collection("a", store, OutsideEmbedder("some", Asked())).current()
    found = Collection("a", store, OutsideEmbedder("some", Asked())).current()
    assert len(found.ids) == 1 + len(passages())
