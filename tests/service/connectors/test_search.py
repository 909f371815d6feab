import asyncio
from typing import Any

import pytest
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from retrieval.hashed import HashedEmbedder
from retrieval.hybrid import HybridRetriever
from retrieval.library import Hit, Library
from retrieval.passages import Passage
from service.connectors.search import RetrievedSearch
from service.desk import passages as desk
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


async def test_what_was_answered_to_a_similar_message_is_proposed_without_a_word_in_common(
    search: RetrievedSearch,
) -> None:
    best, second = (await search.answers("club", ours("trousseau disparu")))[:2]
    assert best.answer == LIBRARY[2]
    assert 0 <= second.score < best.score <= 1


async def test_a_message_is_no_evidence_for_itself(search: RetrievedSearch) -> None:
    text = "mon trousseau a disparu au marché"
    assert [one.id for one in await search.neighbours("club", ours(text), limit=1)] == ["m1"]
    assert "m1" not in [one.id for one in await search.neighbours("club", ours(text), without="m1")]
    told = await search.answers("club", ours(text))
    untold = await search.answers("club", ours(text), without="m1")
    assert told[0].answer.id == "cles"
    assert untold[0].score < told[0].score / 2


async def test_the_queue_weighs_in_as_far_as_it_is_known(search: RetrievedSearch) -> None:
    text = "bonjour, une question"
    known = await search.answers("club", ours(text), queue="banque")
    assert known[0].answer.id == "rib"
    likely = await search.answers("club", ours(text), queues={"banque": 0.6, "declaration": 0.4})
    scores = {one.answer.id: one.score for one in likely}
    assert scores["rib"] < known[0].score
    wrong = {one.answer.id: one.score for one in await search.answers("club", ours(text), queue="declaration")}
    assert wrong["rib"] < scores["rib"]
    assert wrong["vol"] > scores["vol"]


async def test_language_and_limit_are_kept(search: RetrievedSearch) -> None:
    assert [one.answer.id for one in await search.answers("club", ours("my car"), language="en")] == ["theft"]
    assert len(await search.answers("club", ours("vol"), limit=1)) == 1


async def test_accounts_do_not_see_each_other(search: RetrievedSearch) -> None:
    assert list(await search.answers("other", ours("RIB"))) == []
    assert list(await search.neighbours("other", ours("RIB"))) == []


async def test_a_message_without_words_finds_nothing(search: RetrievedSearch) -> None:
    assert list(await search.answers("club", ours(" \n"))) == []
    assert list(await search.neighbours("club", ours(""))) == []


async def test_the_very_next_message_sees_a_confirmed_one(search: RetrievedSearch, store: MemoryStore) -> None:
    text = "ma licorne est enrhumée"
    assert (await search.neighbours("club", ours(text), limit=1))[0].similarity < 0.5
    store.put(confirmed_of("club"), [confirmed("m9", text, "veterinaire", "vol")])
    nearest = (await search.neighbours("club", ours(text), limit=1))[0]
    assert (nearest.id, nearest.queue, nearest.answers) == ("m9", "veterinaire", ("vol",))
    assert nearest.similarity == pytest.approx(1.0, abs=1e-5)
    assert (await search.answers("club", ours(text)))[0].answer.id == "vol"


async def test_a_messages_answers_rest_on_the_search_that_found_its_neighbours(store: MemoryStore) -> None:
    library = Library(store, HashedEmbedder())
    asked: list[str] = []

    def retriever_of(collection: str) -> BaseRetriever:
        return Counted(library=library, collection=collection, asked=asked)

    text, search = "trousseau disparu", RetrievedSearch(retriever_of)
    anew = await search.answers("club", ours(text))
    asked.clear()
    await search.neighbours("club", ours(text))
    assert await search.answers("club", ours(text)) == anew
    await search.answers("club", ours(text), queue="banque")
    assert asked == [confirmed_of("club"), answers_of("club")]


async def test_fifty_at_once_agree_with_one_alone(search: RetrievedSearch) -> None:
    alone = await search.answers("club", ours("vol de ma voiture"))
    assert await asyncio.gather(*(search.answers("club", ours("vol de ma voiture")) for _ in range(50))) == [alone] * 50


def test_a_bulk_worker_needs_no_event_loop(search: RetrievedSearch) -> None:
    assert search.answers_now("club", ours("nouveau RIB"))[0].answer.id == "rib"
    assert search.neighbours_now("club", ours("changement de banque"))[0].id == "m2"


class Counted(HybridRetriever):
    """Says what it is asked for."""

    asked: list[str]

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.asked = given["asked"]  # the list itself: pydantic makes a copy

    def hits(self, query: str, *asked: Any, **named: Any) -> list[Hit]:
        self.asked.append(self.collection)
        return super().hits(query, *asked, **named)


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
    assert [one.answer.id for one in await search.answers("club", ours("vol"))][:2] == ["vol", "cles"]
    assert (await search.neighbours("club", ours("vol")))[0].answers == ("vol", "cles")
    assert search.degraded == ()
