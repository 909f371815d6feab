from retrieval.hashed import HashedEmbedder
from retrieval.library import Library
from service.connectors.search import RetrievedSearch
from service.desk.answers.passages import answer_passages
from service.domain.alignment import Alignment
from service.domain.cleaned import Part, Segment
from service.domain.collections import answers_of, confirmed_of
from service.domain.redacted import EMPTY, Redacted, ours
from service.pipeline.recall import recall
from tests.retrieval.stores import MemoryStore
from tests.service.connectors.test_search import LIBRARY, confirmed


def search() -> RetrievedSearch:
    store = MemoryStore()
    store.put(answers_of("club"), answer_passages(LIBRARY))
    store.put(confirmed_of("club"), [confirmed("m1", "trousseau disparu", "declaration", "cles")])
    return RetrievedSearch.over(Library(store, HashedEmbedder()))


def message(own: str, quoted: str = "") -> Redacted:
    text = ours(f"{own}\n{quoted}")
    segments = (Segment(Part.BODY, 0, len(own)), Segment(Part.QUOTE, len(own) + 1, len(text)))
    return Redacted(ours("Question"), text, segments, Alignment.identity(len(text)))


async def test_what_the_customer_wrote_is_searched_for_and_not_what_he_quotes() -> None:
    candidates = await recall(message("mon trousseau a disparu", quoted="votre RIB"), "club", search())
    assert candidates.neighbours[0].id == "m1"
    words = {answer.id: said for answer, said in zip(candidates.told.answers, candidates.told.words, strict=True)}
    assert words["rib"] == 0.0
    assert candidates.degraded == ()


async def test_the_message_itself_is_left_out() -> None:
    assert (await recall(message("trousseau disparu"), "club", search(), without="m1")).neighbours == ()


async def test_an_empty_message_recalls_nothing() -> None:
    candidates = await recall(Redacted(EMPTY, EMPTY, (), Alignment()), "club", search())
    assert (list(candidates.told.answers), candidates.neighbours) == ([], ())
