from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.collection import Collection
from retrieval.embedding import EmbedderUnavailableError, Vectors
from retrieval.hashed import HashedEmbedder
from retrieval.passages import Passage
from tests.retrieval.stores import TEXTS, MemoryStore, many, passages


class CountingEmbedder(HashedEmbedder):
    def __init__(self) -> None:
        self.texts: list[str] = []
        self.down = False

    def embed(self, texts: Sequence[str]) -> Vectors:
        if self.down:
            raise EmbedderUnavailableError("as told")
        self.texts += texts
        return super().embed(texts)


def test_only_what_changed_is_embedded_again() -> None:
    store, embedder = MemoryStore(a=passages()), CountingEmbedder()
    collection = Collection("a", store, embedder)
    assert len(collection.current()) == len(TEXTS)
    embedder.texts.clear()
    store.put("a", [Passage("new", "une licorne"), Passage("rib", "une girafe")])
    store.delete("a", ["cles"])
    snapshot = collection.current()
    assert sorted(embedder.texts) == ["une girafe", "une licorne"]
    assert "cles" not in snapshot.entries
    assert snapshot.nearest(embedder.embed(["licorne"])[0], 1)[0][0] == "new"


def test_vectors_are_kept_in_the_store_for_the_next_process() -> None:
    store, embedder = MemoryStore(a=passages()), CountingEmbedder()
    first = Collection("a", store, embedder).current()
    embedder.texts.clear()
    second = Collection("a", store, embedder).current()
    assert embedder.texts == []
    assert np.array_equal(first.matrix[first.rows], second.matrix[second.rows])


def test_nothing_is_read_while_the_revision_stays() -> None:
    store = MemoryStore(a=passages())
    collection = Collection("a", store, HashedEmbedder())
    assert collection.current() is collection.current()
    assert store.reads == [len(TEXTS)]


def test_what_was_put_since_is_read_alone_and_all_where_something_was_removed() -> None:
    store = MemoryStore(a=many(300))
    collection = Collection("a", store, HashedEmbedder())
    collection.current()
    store.put("a", many(2, start=300))
    store.put("a", [Passage("p00007", "une girafe")])
    assert collection.current().entries["p00007"].passage.text == "une girafe"
    store.put("a", many(1, start=302))
    store.delete("a", ["p00008"])
    assert len(collection.current()) == 302
    assert store.reads == [300, 3, 1, 302]


def test_a_collection_whose_revision_fell_is_read_anew() -> None:
    """As when a backup was restored meanwhile."""
    store, other = MemoryStore(a=many(3)), MemoryStore(a=passages())
    store.put("a", many(1, start=3))
    collection = Collection("a", store, HashedEmbedder())
    collection.current()
    vars(store).update(vars(other))
    assert collection.current().entries.keys() == TEXTS.keys()


def test_a_snapshot_stays_as_it_was_while_the_collection_changes() -> None:
    store, embedder = MemoryStore(a=passages()), HashedEmbedder()
    collection = Collection("a", store, embedder)
    before = collection.current()
    nearest = before.nearest(before.matrix[0], 8)
    store.delete("a", ["cles"])
    store.put("a", many(500))
    assert len(collection.current()) == 507
    assert before.nearest(before.matrix[0], 8) == nearest


def test_an_embedder_that_is_down_leaves_the_words_to_search_and_is_asked_again_later() -> None:
    store, embedder = MemoryStore(a=passages()), CountingEmbedder()
    embedder.down = True
    collection = Collection("a", store, embedder, retry_after_s=0.0)
    snapshot = collection.current()
    assert len(snapshot) == len(TEXTS)
    assert snapshot.ids == []
    assert "rib" in snapshot.lexical.search("RIB", 1, {})
    embedder.down = False
    assert len(collection.current().ids) == len(TEXTS)


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.sampled_from(["put", "delete", "look"]), st.integers(0, 30), st.integers(0, 3)), max_size=25)
)
def test_any_history_of_changes_ends_as_if_read_at_once(history: list[tuple[str, int, int]]) -> None:
    store, embedder = MemoryStore(a=passages()), HashedEmbedder()
    followed = Collection("a", store, embedder)
    for verb, number, version in history:
        if verb == "put":
            store.put("a", [Passage(f"p{number}", f"passage numéro {number} version {version}")])
        elif verb == "delete":
            store.delete("a", [f"p{number}"])
        else:
            followed.current()
    here, anew = followed.current(), Collection("a", store, embedder).current()
    query = embedder.embed(["passage numéro 3 version 1"])[0]
    assert dict(here.nearest(query, 50)) == pytest.approx(dict(anew.nearest(query, 50)))
    assert here.lexical.search("passage 3", 50, {}).keys() == anew.lexical.search("passage 3", 50, {}).keys()
    assert {key: e.passage for key, e in here.entries.items()} == {key: e.passage for key, e in anew.entries.items()}
