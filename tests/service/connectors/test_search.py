import asyncio
from typing import Any

import pytest
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from retrieval.hashed import HashedEmbedder
from retrieval.hybrid import HybridRetriever
from retrieval.library import Hit, Library, Weighed
from retrieval.passages import Passage
from service.connectors.search import RetrievedSearch
from service.desk.answers import passages as desk
from service.domain.answers import CannedAnswer
from service.domain.collections import answers_of, confirmed_of
from service.domain.redacted import ours
from tests.retrieval.stores import MemoryStore

LIBRARY = [
    CannedAnswer(id="rib", queue="banque", title="RIB", situation="nouveau compte", body="Envoyez votre RIB."),
    CannedAnswer(id="vol", queue="declaration", title="Vol", situation="véhicule volé", body="Portez plainte."),
    CannedAnswer(id="cles", queue="declaration", title="Clés", situation="clés perdues", body="Déclarez la perte."),
    CannedAnswer(id="theft", queue="declaration", title="Theft", situation="car", body="File it.", language="en"),
]


def confirmed(key: str, text: str, queue: str, *answers: str) -> Passage:
    return Passage(key, text, {"language": "fr", "group": queue, "queue": queue, "answers": ",".join(answers)})


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    store.put(answers_of("club"), desk.answer_passages(LIBRARY))
    store.put(
        confirmed_of("club"),
        [
            confirmed("m1", "mon trousseau a disparu au marché", "declaration", "cles"),
            confirmed("m2", "je change de banque le mois prochain", "banque", "rib"),
            confirmed("m3", "où en est mon dossier", "suivi"),
        ],
    )
    return store


@pytest.fixture
def search(store: MemoryStore) -> RetrievedSearch:
    return RetrievedSearch.over(Library(store, HashedEmbedder()))


async def test_every_answer_is_told_of_and_the_nearest_messages_say_what_they_got(search: RetrievedSearch) -> None:
    found = await search.recall("club", ours("trousseau disparu"))
    assert [one.id for one in found.told.answers] == ["cles", "rib", "theft", "vol"]
    assert (found.neighbours[0].id, found.neighbours[0].answers) == ("m1", ("cles",))
    assert found.answers == ()


async def test_words_and_vectors_speak_for_the_answer_that_shares_them(search: RetrievedSearch) -> None:
    told = (await search.recall("club", ours("nouveau compte et RIB"))).told
    by_id = {one.id: at for at, one in enumerate(told.answers)}
    for numbers in (told.words, told.vectors):
        assert max(range(4), key=lambda at: numbers[at]) == by_id["rib"]
    assert told.words[by_id["theft"]] == 0.0


async def test_a_message_is_no_evidence_for_itself(search: RetrievedSearch) -> None:
    text = "mon trousseau a disparu au marché"
    assert [one.id for one in await search.neighbours("club", ours(text), limit=1)] == ["m1"]
    assert "m1" not in [one.id for one in await search.neighbours("club", ours(text), without="m1")]
    assert "m1" not in [one.id for one in (await search.recall("club", ours(text), without="m1")).neighbours]


async def test_accounts_do_not_see_each_other(search: RetrievedSearch) -> None:
    found = await search.recall("other", ours("RIB"))
    assert (list(found.told.answers), found.neighbours) == ([], ())
    assert list(await search.neighbours("other", ours("RIB"))) == []


async def test_a_message_without_words_finds_nothing(search: RetrievedSearch) -> None:
    found = await search.recall("club", ours(" \n"))
    assert (list(found.told.answers), found.neighbours) == ([], ())
    assert list(await search.neighbours("club", ours(""))) == []


async def test_the_very_next_message_sees_a_confirmed_one(search: RetrievedSearch, store: MemoryStore) -> None:
    text = "ma licorne est enrhumée"
    assert (await search.neighbours("club", ours(text), limit=1))[0].similarity < 0.5
    store.put(confirmed_of("club"), [confirmed("m9", text, "veterinaire", "vol")])
    nearest = (await search.recall("club", ours(text), limit=1)).neighbours[0]
    assert (nearest.id, nearest.queue, nearest.answers) == ("m9", "veterinaire", ("vol",))
    assert nearest.similarity == pytest.approx(1.0, abs=1e-5)


async def test_a_message_is_searched_for_once_in_each_collection(store: MemoryStore) -> None:
    library = Library(store, HashedEmbedder())
    asked: list[str] = []

    def retriever_of(collection: str) -> BaseRetriever:
        return Counted(library=library, collection=collection, asked=asked)

    await RetrievedSearch(retriever_of).recall("club", ours("trousseau disparu"))
    assert asked == [confirmed_of("club"), answers_of("club")]


async def test_fifty_at_once_agree_with_one_alone(search: RetrievedSearch) -> None:
    alone = await search.recall("club", ours("vol de ma voiture"))
    assert await asyncio.gather(*(search.recall("club", ours("vol de ma voiture")) for _ in range(50))) == [alone] * 50


def test_a_bulk_worker_needs_no_event_loop(search: RetrievedSearch) -> None:
    assert search.recall_now("club", ours("changement de banque")).neighbours[0].id == "m2"
    assert search.neighbours_now("club", ours("changement de banque"))[0].id == "m2"


class Counted(HybridRetriever):
    """Says what it is asked for."""

    asked: list[str]

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.asked = given["asked"]  # the list itself: pydantic makes a copy

    def nearest(self, query: str, limit: int) -> list[Hit]:
        self.asked.append(self.collection)
        return super().nearest(query, limit)

    def weigh(self, query: str) -> Weighed:
        self.asked.append(self.collection)
        return super().weigh(query)


class AnyRetriever(BaseRetriever):
    """Somebody else's: it ranks, and gives no numbers."""

    documents: list[Document]

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return self.documents


async def test_any_other_retriever_can_take_its_place() -> None:
    answers = [
        Document(id=one.id, page_content=one.body, metadata={"answer": one.model_dump_json()}) for one in LIBRARY
    ]
    messages = [Document(id="m1", page_content="vol", metadata={"queue": "declaration", "answers": "vol,cles"})]
    collections = {answers_of("club"): answers, confirmed_of("club"): messages}
    search = RetrievedSearch(lambda collection: AnyRetriever(documents=collections[collection]))
    found = await search.recall("club", ours("vol"))
    assert [one.id for one in found.told.answers] == [one.id for one in LIBRARY]
    assert list(found.told.words) == sorted(found.told.words, reverse=True)
    assert found.neighbours[0].answers == ("vol", "cles")
    assert search.degraded == ()
