from datetime import UTC, date, datetime, timedelta

import pytest

from service.domain.answers import CannedAnswer
from service.domain.candidates import Candidates, Neighbour, Told
from service.domain.decision import Alternative, Decision
from service.domain.redacted import ours
from service.learning.speaker import Speaker
from service.pipeline.rank import ANSWERS, rank
from tests.service.samples import a_playbook

NOW = datetime(2026, 6, 15, 22, 30, tzinfo=UTC)
FACTURE, SINISTRE = "facture", "sinistre"


def answer(key: str, queue: str = FACTURE, **given: object) -> CannedAnswer:
    return CannedAnswer.model_validate(
        {"id": key, "queue": queue, "title": key, "situation": key, "body": "Bonjour.", **given}
    )


def told(*answers: CannedAnswer, **words: float) -> Candidates:
    scores = [words.get(one.id, 0.0) for one in answers]
    return Candidates(told=Told(answers, scores, [0.0] * len(answers)))


def decided(*secondary: str, **probabilities: float) -> Decision:
    return Decision(
        outcome="abstained",
        outcome_reason="unsure",
        queue=None,
        confidence=max(probabilities.values(), default=0.0),
        alternatives=tuple(Alternative(queue=queue, probability=p) for queue, p in probabilities.items()),
        secondary=secondary,
    )


def ranked(
    candidates: Candidates,
    decision: Decision,
    margins: dict[str, float] | None = None,
    kept: tuple[str, ...] = (),
    speaker: Speaker = Speaker("fr"),  # noqa: B008 (frozen)
) -> dict[str, float]:
    done = rank(candidates, decision, margins or {}, speaker, a_playbook(), None, NOW, kept)
    return {one.answer.id: one.score for one in done.answers}


def test_the_answers_of_the_likelier_queue_stand_first() -> None:
    found = ranked(told(answer("f"), answer("s", SINISTRE)), decided(facture=0.2, sinistre=0.8))
    assert list(found) == ["s", "f"]
    assert 0 < found["f"] < found["s"] < 1


def test_an_answer_to_what_else_is_asked_comes_near_the_first() -> None:
    alone = ranked(told(answer("f"), answer("s", SINISTRE)), decided(facture=0.9, sinistre=0.01))
    asked = ranked(told(answer("f"), answer("s", SINISTRE)), decided(SINISTRE, facture=0.9, sinistre=0.01))
    assert asked["f"] > asked["s"] > alone["s"]


def test_words_margins_and_what_similar_messages_got_each_raise_an_answer() -> None:
    pair = (answer("a"), answer("b"))
    assert list(ranked(told(*pair, b=3.0), decided(facture=1.0))) == ["b", "a"]
    assert list(ranked(told(*pair), decided(facture=1.0), {"a": -1.0, "b": 0.2})) == ["b", "a"]
    near = Candidates(neighbours=(Neighbour("m", ours("x"), FACTURE, 0.6, ("b",)),), told=told(*pair).told)
    assert list(ranked(near, decided(facture=1.0))) == ["b", "a"]


def test_an_answer_newer_than_what_was_learned_stands_between_those_that_are_known() -> None:
    known = {"a": 0.4, "b": -1.0}
    found = ranked(told(answer("a"), answer("b"), answer("new")), decided(facture=1.0), known)
    assert list(found) == ["a", "new", "b"]


@pytest.mark.parametrize(
    ("valid", "offered"),
    [
        ({"valid_until": date(2026, 6, 15)}, False),
        ({"valid_until": date(2026, 6, 16)}, True),
        ({"valid_from": date(2026, 6, 16)}, True),
        ({"valid_from": date(2026, 6, 17)}, False),
    ],
)
def test_an_answer_out_of_its_validity_is_never_offered(valid: dict[str, object], offered: bool) -> None:
    """At half past ten in the evening, UTC, it is the next day in Paris, where the account is."""
    found = ranked(
        told(answer("a"), answer("dated", FACTURE, **valid), dated=9.0), decided(facture=1.0), kept=("dated",)
    )
    assert ("dated" in found) is offered


def test_an_answer_in_a_language_that_neither_side_writes_falls_behind() -> None:
    pair = (answer("german", language="de"), answer("french"))
    assert list(ranked(told(*pair), decided(facture=1.0))) == ["french", "german"]
    assert list(ranked(told(*pair), decided(facture=1.0), speaker=Speaker("de"))) == ["german", "french"]


def test_an_answer_for_somebody_else_falls_behind_where_the_queue_has_one_for_the_sender() -> None:
    member, garage = answer("member"), answer("garage", audience="professional")
    other = answer("other", SINISTRE)
    decision = decided(facture=0.8, sinistre=0.2)
    known = ranked(told(member, garage, other), decision, speaker=Speaker("fr", "professional"))
    unknown = ranked(told(member, garage, other), decision)
    assert list(known) == ["garage", "other", "member"]
    assert unknown["member"] == unknown["garage"] == known["garage"]
    assert known["other"] == unknown["other"]


def test_without_any_idea_of_the_queue_the_text_decides() -> None:
    assert list(ranked(told(answer("f"), answer("s", SINISTRE), s=2.0), decided())) == ["s", "f"]


def test_as_many_as_are_wanted_and_those_that_were_cited() -> None:
    many = [answer(f"a{at:02}") for at in range(15)]
    words = {one.id: float(20 - at) for at, one in enumerate(many)}
    found = ranked(told(*many, **words), decided(facture=1.0))
    assert len(found) == ANSWERS
    assert list(ranked(told(*many, **words), decided(facture=1.0), kept=("a14",))) == [*found, "a14"]


def test_among_many_answers_the_best_one_to_what_else_is_asked_is_there() -> None:
    many = [answer(f"a{at:02}") for at in range(40)]
    others = [answer(f"s{at:02}", SINISTRE) for at in range(40)]
    decision = decided(SINISTRE, facture=0.98, sinistre=0.01)
    found = ranked(told(*many, *others, s07=1.0, **{one.id: 5.0 for one in many}), decision)
    assert [key for key in found if key.startswith("s")] == ["s07"]


def test_nothing_to_rank_is_no_mistake() -> None:
    assert ranked(Candidates(), decided(facture=1.0)) == {}


def test_the_same_list_of_answers_is_read_anew_on_the_day_after_the_last_of_one() -> None:
    found = told(answer("f"), answer("g", valid_until=date(2026, 6, 16)))
    for now, expected in ((NOW, {"f", "g"}), (NOW + timedelta(days=1), {"f"}), (NOW, {"f", "g"})):
        done = rank(found, decided(facture=0.9), {}, Speaker("fr"), a_playbook(), None, now)
        assert {one.answer.id for one in done.answers} == expected
