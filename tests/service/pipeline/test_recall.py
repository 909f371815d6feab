from retrieval.hashed import HashedEmbedder
from retrieval.library import Library
from service.connectors.search import RetrievedSearch
from service.desk.passages import answer_passages
from service.domain.alignment import Alignment
from service.domain.cleaned import Part, Segment
from service.domain.collections import answers_of, confirmed_of
from service.domain.decision import Alternative, Decision
from service.domain.redacted import Redacted, ours
from service.pipeline.fitting import Evidence, Found, fit
from service.pipeline.recall import recall, recall_for_queues
from tests.retrieval.stores import MemoryStore
from tests.service.connectors.test_search import LIBRARY, confirmed


def search() -> RetrievedSearch:
    store = MemoryStore()
    store.put(answers_of("club"), answer_passages(LIBRARY))
    store.put(confirmed_of("club"), [confirmed("m1", "trousseau disparu", "declaration", "cles")])
    return RetrievedSearch.over(Library(store, HashedEmbedder()))


def message(own: str, quoted: str = "") -> Redacted:
    text = f"{own}\n{quoted}"
    segments = (Segment(Part.BODY, 0, len(own)), Segment(Part.QUOTE, len(own) + 1, len(text)))
    return Redacted(ours("Question"), ours(text), segments, Alignment.identity(len(text)))


def decided(**probabilities: float) -> Decision:
    alternatives = tuple(Alternative(queue=queue, probability=p) for queue, p in probabilities.items())
    return Decision(
        outcome="abstained",
        outcome_reason="unsure",
        queue=None,
        confidence=alternatives[0].probability if alternatives else 0.0,
        alternatives=alternatives,
        secondary=("banque",),
    )


async def test_what_the_customer_wrote_is_searched_for_and_not_what_he_quotes() -> None:
    candidates = await recall(message("mon trousseau a disparu", quoted="votre RIB"), "club", search())
    assert candidates.neighbours[0].id == "m1"
    assert candidates.answers[0].answer.id == "cles"
    assert candidates.degraded == ()


async def test_the_message_itself_is_left_out() -> None:
    assert (await recall(message("trousseau disparu"), "club", search(), without="m1")).neighbours == ()


async def test_an_empty_message_recalls_nothing() -> None:
    candidates = await recall(Redacted(ours(""), ours(""), (), Alignment()), "club", search())
    assert (candidates.answers, candidates.neighbours) == ((), ())


async def test_decided_and_secondary_queues_lift_their_answers() -> None:
    redacted, found = message("bonjour, une question"), search()
    before = await recall(redacted, "club", found)
    after = await recall_for_queues(before, decided(declaration=0.9), redacted, "club", found)
    scores = {one.answer.id: one.score for one in after.answers}
    was = {one.answer.id: one.score for one in before.answers}
    assert scores["vol"] > was.get("vol", 0.0)
    assert scores["rib"] > was.get("rib", 0.0)
    assert after.neighbours == before.neighbours
    assert [one.score for one in after.answers] == sorted((one.score for one in after.answers), reverse=True)


async def test_without_any_idea_of_the_queue_nothing_changes() -> None:
    redacted, found = message("un vol"), search()
    before = await recall(redacted, "club", found)
    assert await recall_for_queues(before, decided(), redacted, "club", found) is before


def test_a_score_is_a_probability_that_every_signal_can_only_raise() -> None:
    weak, strong = Found(LIBRARY[0], 1.0, 0.1), Found(LIBRARY[1], 9.0, 0.8)
    scored = {one.answer.id: one.score for one in fit(Evidence([weak, strong]))}
    assert 0 < scored["rib"] < scored["vol"] < 1
    assert fit(Evidence()) == []
    assert fit(Evidence([weak]), {"banque": 1.0})[0].score > fit(Evidence([weak]), {"vol": 1.0})[0].score
