import asyncio
import threading
import time
from collections.abc import Sequence

import pytest

from retrieval.embedding import EmbedderUnavailableError, Vectors
from retrieval.fusion import score_fusion
from retrieval.hashed import HashedEmbedder
from retrieval.hybrid import HybridRetriever
from retrieval.library import Library
from retrieval.passages import Passage
from retrieval.upkeep import KeptIndex
from tests.retrieval.places_in_memory import MemoryOpener
from tests.retrieval.stores import MemoryStore, many, passages


def ids(library: Library, text: str, **options: object) -> list[str]:
    return [hit.passage.id for hit in library.search("a", text, **options)]  # type: ignore[arg-type]


@pytest.fixture
def library() -> Library:
    return Library(MemoryStore(a=passages()), HashedEmbedder())


def test_hits_are_ordered_by_a_score_between_nothing_and_one(library: Library) -> None:
    hits = library.search("a", "résilier mon contrat d'assurance", 5)
    assert hits[0].passage.id == "resiliation"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 <= hit.score <= 1 and -1 <= hit.similarity <= 1 and hit.lexical >= 0 for hit in hits)


def test_filters_keep_others_out(library: Library) -> None:
    assert ids(library, "déclarer", group="c") == ["cles"]
    assert ids(library, "driving course", language="fr", limit=20).count("stage") == 0


@pytest.mark.parametrize("text", ["", "   ", "!?", "\u0000", "zygomatique " * 5_000])
def test_texts_that_say_nothing_are_no_error(library: Library, text: str) -> None:
    assert all(hit.score >= 0 for hit in library.search("a", text))


def test_a_text_without_words_is_as_near_to_nothing_the_second_time(library: Library) -> None:
    assert [library.nearest("a", "!?", 3) for _ in range(2)] == [[], []]


def test_an_empty_collection_has_no_hits() -> None:
    assert Library(MemoryStore(), HashedEmbedder()).search("a", "RIB") == []


def test_the_very_next_search_sees_a_new_passage() -> None:
    store = MemoryStore(a=passages())
    library = Library(store, HashedEmbedder(), KeptIndex(MemoryOpener()))
    assert ids(library, "licorne blanche", limit=1) != ["new"]
    for version in range(20):
        store.put("a", [Passage(f"new{version}", f"une licorne blanche {version}")])
        assert ids(library, f"une licorne blanche {version}", limit=1) == [f"new{version}"]
    library.close()


def test_index_and_exact_search_find_the_same_and_a_broken_index_changes_nothing() -> None:
    store, opener = MemoryStore(a=many(400)), MemoryOpener()
    exact, indexed = Library(store, HashedEmbedder()), Library(store, HashedEmbedder(), KeptIndex(opener))
    indexed.prepare("a")
    assert indexed.settled(5)
    text = "changer de RIB pour le dossier 17"
    assert ids(indexed, text) == ids(exact, text)
    assert opener.asked > 0
    opener.break_place()
    assert ids(indexed, text) == ids(exact, text)
    assert indexed.settled(5)
    assert indexed.degraded == ()
    indexed.close()


def test_a_small_collection_is_searched_exactly_and_its_index_is_looked_after_all_the_same() -> None:
    opener = MemoryOpener()
    library = Library(MemoryStore(a=many(100)), HashedEmbedder(), KeptIndex(opener), exact_up_to=100)
    library.prepare("a")
    assert library.settled(5)
    asked = opener.asked
    ids(library, "changer de RIB")
    assert opener.asked == asked
    opener.break_place()
    for _ in range(64):
        ids(library, "changer de RIB")
    end = time.monotonic() + 5
    while not opener.discarded and time.monotonic() < end:
        time.sleep(0.01)
    assert opener.discarded == 1
    assert library.settled(5)
    library.close()


def test_a_whole_collection_is_weighed_as_a_search_weighs_it() -> None:
    library = Library(MemoryStore(a=passages()), HashedEmbedder())
    text = "résilier mon contrat d'assurance"
    weighed = library.weigh("a", text)
    found = {one.id: (similar, lexical) for one, similar, lexical in zip(*weighed, strict=True)}
    assert len(found) == len(passages())
    for hit in library.search("a", text, 5):
        assert found[hit.passage.id] == pytest.approx((hit.similarity, hit.lexical))
    assert library.weigh("b", text).passages == []


def test_the_nearest_are_those_of_the_nearest_vectors_whatever_their_words_with_and_without_an_index() -> None:
    store, text = MemoryStore(a=many(400)), "changer de RIB pour le dossier 17"
    exact, indexed = Library(store, HashedEmbedder()), Library(store, HashedEmbedder(), KeptIndex(MemoryOpener()))
    indexed.prepare("a")
    assert indexed.settled(5)
    found = exact.nearest("a", text, 5)
    weighed = exact.weigh("a", text)
    assert [hit.similarity for hit in found] == sorted(weighed.similar, reverse=True)[:5]
    assert [hit.similarity for hit in indexed.nearest("a", text, 5)] == [hit.similarity for hit in found]
    indexed.close()


class SilentEmbedder:
    name = "silent"
    calls = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.calls += 1
        raise EmbedderUnavailableError("as told")


def test_without_the_embedder_words_are_searched_and_nobody_waits() -> None:
    embedder = SilentEmbedder()
    library = Library(MemoryStore(a=passages()), embedder)
    assert [ids(library, f"le RIB {n}")[0] for n in range(20)] == ["rib"] * 20
    assert library.nearest("a", "le RIB", 1)[0].passage.id == "rib"
    assert library.degraded == ("embedder",)
    assert embedder.calls <= 3


def test_many_threads_search_while_the_collection_changes() -> None:
    store = MemoryStore(a=passages())
    library = Library(store, HashedEmbedder(), KeptIndex(MemoryOpener()))
    wrong: list[object] = []

    def search() -> None:
        found = [ids(library, f"duplicata de facture {n}", limit=1) for n in range(60)]
        wrong.extend(one for one in found if one != ["facture"])

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for n in range(10):
        store.put("a", [Passage(f"x{n}", f"une licorne {n}")])
    for thread in threads:
        thread.join()
    library.close()
    assert wrong == []


async def test_the_retriever_gives_documents_with_and_without_an_event_loop(library: Library) -> None:
    retriever = HybridRetriever(library=library, collection="a")
    found = retriever.invoke("clés perdues", limit=2, language="fr")
    assert found[0].id == "cles"
    assert len(found) == 2
    assert found[0].metadata["group"] == "c"
    assert found[0].metadata["score"] == 1.0
    assert await retriever.ainvoke("clés perdues", limit=2, language="fr") == found
    assert (await asyncio.gather(*(retriever.ainvoke("RIB") for _ in range(5))))[4][0].id == "rib"


def test_a_fusion_is_the_mean_of_scores_each_beside_its_best() -> None:
    words, vectors = {"a": 9.0, "b": 3.0}, {"a": 0.9, "c": 0.6, "d": -0.2}
    assert score_fusion(words, vectors) == pytest.approx({"a": 1.0, "b": 1 / 6, "c": 1 / 3, "d": 0.0})
    assert score_fusion({}, {}) == {}


def test_what_a_message_needs_of_two_collections_is_found_in_one_look() -> None:
    store = MemoryStore(a=passages(), b=many(20))
    library = Library(store, HashedEmbedder())
    found = library.recall("a", "b", "une clé perdue", 3)
    assert found.nearest == library.nearest("a", "une clé perdue", 3)
    assert found.weighed == library.weigh("b", "une clé perdue")


def test_an_event_loop_is_answered_at_once_only_where_nothing_has_to_be_waited_for() -> None:
    store = MemoryStore(a=passages(), b=many(20))
    library = Library(store, HashedEmbedder())
    assert library.recall_at_once("a", "b", "RIB", 3) is None  # not taken in yet
    assert library.recall("a", "b", "RIB", 3) == library.recall_at_once("a", "b", "RIB", 3)
    assert library.recall_at_once("a", "b", "RIB " * 2_000, 3) is None
    store.put("b", [Passage("new", "une licorne blanche")])
    assert library.recall_at_once("a", "b", "RIB", 3) is None
    assert len(library.recall("a", "b", "licorne", 3).weighed.passages) == 21
    store.at_hand = False
    assert library.recall_at_once("a", "b", "licorne", 3) is None


def test_a_large_collection_is_not_searched_on_the_event_loop() -> None:
    library = Library(MemoryStore(a=many(3_100), b=passages()), HashedEmbedder())
    library.recall("b", "a", "RIB", 3)
    assert library.recall_at_once("b", "a", "RIB", 3) is None
