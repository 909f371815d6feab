from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from service.domain.decision import Decision
from service.domain.playbook import Playbook
from service.domain.votes import Evidence, Vote, Voter
from service.learning.familiarity import Familiarity, names_of
from service.learning.fit import fit
from service.learning.guard import Guard
from service.learning.learned import Learned
from service.learning.pool import VOTERS
from service.learning.promise import Threshold
from service.learning.trust import Trust
from service.phrases import Phrases, load_phrases
from service.pipeline.decide import decide
from service.pipeline.votes import classifier
from tests.service.learning.small import answers, examples, playbook, redacted, silent

Kind = Literal["keyword", "example", "quote"]
PROMPTS = Path(__file__).parents[3] / "prompts"


@pytest.fixture(scope="module")
def learned() -> Learned:
    return fit(examples(), playbook(), answers(), silent)


@pytest.fixture(scope="module")
def phrases() -> Phrases:
    return load_phrases(PROMPTS, "fr")


def said(voter: Voter, queue: str, probability: float, kind: Kind = "quote") -> Vote:
    piece = Evidence(voter=voter, kind=kind, text="mots", queue=queue)
    return Vote(voter=voter, scores={queue: probability}, evidence=(piece,))


LEAVING = (
    said("neighbours", "depart", 1.0, "example").model_copy(update={"margins": (0.9,)}),
    said("keywords", "depart", 0.9, "keyword"),
)


def test_votes_that_agree_route_the_message(phrases: Phrases) -> None:
    votes = [said("keywords", "vol", 0.9, "keyword"), said("classifier", "vol", 0.99), said("neighbours", "vol", 1.0)]
    decision = decide(votes, playbook(), None, phrases)
    assert (decision.outcome, decision.outcome_reason, decision.queue) == ("routed", "confident", "vol")
    assert decision.guess == "vol"
    assert "« vol »" in decision.reason
    assert sum(one.probability for one in decision.alternatives) <= 1 + 1e-6


def test_votes_that_contradict_each_other_abstain_and_say_so(phrases: Phrases) -> None:
    decision = decide([said("keywords", "vol", 0.6), said("classifier", "depart", 0.6)], playbook(), None, phrases)
    assert (decision.outcome_reason, decision.queue) == ("disagreement", None)
    assert {one.queue for one in decision.alternatives[:2]} == {"vol", "depart"}


def test_a_weak_best_guess_abstains_and_is_still_shown(phrases: Phrases) -> None:
    decision = decide([said("classifier", "vol", 0.4)], playbook(), None, phrases)
    assert (decision.outcome, decision.outcome_reason, decision.guess) == ("abstained", "unsure", "vol")


def test_where_nobody_knows_anything_no_queue_is_invented(phrases: Phrases) -> None:
    decision = decide([Vote(voter="keywords")], playbook(), None, phrases)
    assert (decision.outcome_reason, decision.confidence, decision.alternatives) == ("no_knowledge", 0.0, ())
    assert decision.reason


def test_a_message_without_words_is_named_empty(learned: Learned, phrases: Phrases) -> None:
    votes = [silent(redacted("")), classifier.vote(redacted(" ?! "), learned)]
    assert decide(votes, playbook(), learned, phrases).outcome_reason == "empty"


def test_the_same_votes_give_the_same_decision(learned: Learned, phrases: Phrases) -> None:
    votes = [classifier.vote(redacted("on a volé ma voiture"), learned)]
    assert decide(votes, playbook(), learned, phrases) == decide(votes, playbook(), learned, phrases)


@pytest.mark.parametrize(("model", "reason"), [("vol", "confident"), ("adresse", "disagreement")])
def test_a_model_is_believed_by_how_it_stands_to_the_others(model: str, reason: str, phrases: Phrases) -> None:
    local = Vote(voter="classifier", scores={"vol": 0.6, "depart": 0.38, "adresse": 0.02})
    wide = playbook().model_copy(
        update={"queues": (*playbook().queues, playbook().queues[0].model_copy(update={"id": "x"}))}
    )
    votes = [local.model_copy(update={"scores": {"vol": 0.6, "depart": 0.3, "x": 0.08, "adresse": 0.02}})]
    decision = decide([*votes, said("model", model, 1.0)], wide, None, phrases)
    assert decision.outcome_reason == reason
    assert decision.guess == model
    assert decision.confidence < 1.0


def test_what_a_model_claims_of_itself_changes_nothing(phrases: Phrases) -> None:
    def confidence(claimed: float) -> float:
        return decide(
            [said("classifier", "vol", 0.6), said("model", "vol", claimed)], playbook(), None, phrases
        ).confidence

    assert confidence(0.2) == confidence(1.0)


def test_a_missing_voter_never_raises_confidence_above_what_the_rest_earned(learned: Learned, phrases: Phrases) -> None:
    text = redacted("on a volé ma voiture")
    alone = decide([silent(text), classifier.vote(text, learned)], playbook(), learned, phrases)
    with_empty_index = decide(
        [silent(text), classifier.vote(text, learned), Vote(voter="neighbours")], playbook(), learned, phrases
    )
    assert with_empty_index.alternatives == alone.alternatives


def test_flags_and_secondary_asks_of_a_model_are_kept(phrases: Phrases) -> None:
    model = Vote(voter="model", scores={"vol": 1.0}, flags={"urgent": 1.0}, secondary={"adresse": 1.0, "vol": 1.0})
    decision: Decision = decide([model], playbook(), None, phrases)
    assert decision.flags == ("urgent",)
    assert decision.secondary == ("adresse",)


def test_evidence_is_kept_for_the_best_queues_only(phrases: Phrases) -> None:
    votes = [said("classifier", "vol", 0.9), said("keywords", "adresse", 0.01, "keyword")]
    decision = decide(votes, playbook(), None, phrases)
    assert decision.evidence[0].queue == "vol"


def test_where_two_queues_are_named_the_reason_says_which_of_them_it_speaks_for(phrases: Phrases) -> None:
    decision = decide([said("classifier", "vol", 0.4), said("keywords", "depart", 0.2)], playbook(), None, phrases)
    named, _, why = decision.reason.partition(". Pour ")
    assert decision.outcome_reason == "unsure"
    assert "« vol »" in named
    assert why.startswith("« vol » : ")


def test_every_reason_is_a_sentence_in_both_languages() -> None:
    french, english = load_phrases(PROMPTS, "fr"), load_phrases(PROMPTS, "en")
    ours = {name for name in french.names() if name.startswith("decisions.")}
    assert ours == {name for name in english.names() if name.startswith("decisions.")}
    votes = [said("classifier", "vol", 0.99), said("neighbours", "vol", 1.0, "example"), said("keywords", "vol", 0.9)]
    for phrases in (french, english):
        assert decide(votes, playbook(), None, phrases).reason.endswith(".")


def near(queue: str, similarity: float) -> Vote:
    return said("neighbours", queue, 1.0, "example").model_copy(update={"margins": (similarity,)})


def test_a_sure_classifier_alone_routes_nothing_that_resembles_no_confirmed_message(phrases: Phrases) -> None:
    strange = [said("classifier", "vol", 0.99), near("vol", 0.1)]
    decision = decide(strange, playbook(), None, phrases)
    assert (decision.outcome, decision.outcome_reason) == ("abstained", "out_of_scope")


@pytest.mark.parametrize("reason", [said("keywords", "vol", 0.9, "keyword"), near("vol", 0.6)])
def test_a_keyword_or_a_near_message_is_reason_enough(reason: Vote, phrases: Phrases) -> None:
    votes = [reason, said("classifier", "vol", 0.99)]
    if reason.voter == "keywords":
        votes.append(near("vol", 0.1))
    assert decide(votes, playbook(), None, phrases).outcome == "routed"


def watchful() -> Playbook:
    """Where no theft may be missed."""
    first, theft, third = playbook().queues
    return playbook().model_copy(update={"queues": (first, theft.model_copy(update={"must_not_miss": True}), third)})


def test_a_message_that_may_be_of_a_queue_not_to_be_missed_is_read_by_an_advisor(phrases: Phrases) -> None:
    def decided(theft: float) -> Decision:
        local = Vote(voter="classifier", scores={"depart": 0.999 - theft, "vol": theft, "adresse": 0.001})
        return decide([local, *LEAVING], watchful(), None, phrases)

    assert decided(0.0).outcome_reason == "confident"
    doubtful = decided(0.45)
    assert (doubtful.outcome, doubtful.outcome_reason, doubtful.guess) == ("abstained", "must_not_miss", "depart")
    assert "« vol »" in doubtful.reason
    assert doubtful.reason.count("« vol »") == 1


def test_a_guarded_queue_itself_is_routed_as_any_other(phrases: Phrases) -> None:
    votes = [said("keywords", "vol", 0.9, "keyword"), said("classifier", "vol", 0.99), said("neighbours", "vol", 1.0)]
    assert decide(votes, watchful(), None, phrases).queue == "vol"


def test_a_learned_guard_holds_back_what_history_says(learned: Learned, phrases: Phrases) -> None:
    def reason(ceiling: float) -> str:
        known = replace(learned, guards=(Guard("vol", ceiling),), threshold=Threshold(0.5, promised=True))
        votes = [silent(redacted("")), classifier.vote(redacted("je veux quitter le club"), known), LEAVING[0]]
        return decide(votes, watchful(), known, phrases).outcome_reason

    assert (reason(0.0001), reason(0.5)) == ("must_not_miss", "confident")


def test_a_models_word_routes_no_longer_where_history_says_that_it_breaks_the_promise(phrases: Phrases) -> None:
    votes = [Vote(voter="classifier", scores={"vol": 0.5, "depart": 0.48, "adresse": 0.02}), said("model", "vol", 0.9)]

    def reason(trust: Trust) -> str:
        return decide(votes, playbook(), None, phrases, trust).outcome_reason

    decided = decide(votes, playbook(), None, phrases)
    assert decided.local is not None
    assert (decided.local.queue, decided.local.outcome_reason) == ("vol", "unsure")
    standing = decided.local.standing
    assert reason(Trust()) == "confident"
    assert reason(Trust({standing: (380, 2)})) == "confident"
    assert reason(Trust({standing: (360, 40)})) == "unsure"


def test_what_local_voters_route_themselves_needs_no_models_word(phrases: Phrases) -> None:
    votes = [said("keywords", "vol", 0.9, "keyword"), said("classifier", "vol", 0.99), said("neighbours", "vol", 1.0)]
    trust = Trust({"agrees_sure": (360, 40)})
    assert decide([*votes, said("model", "vol", 0.9)], playbook(), None, phrases, trust).queue == "vol"


def of_kinship(learned: Learned, routed: float, named: float) -> Learned:
    """Every message has the familiarity 0."""
    count = len(names_of(VOTERS))
    told = Familiarity((0.0,) * count, (0.0,) * count, (0.0,) * count, routed, named)
    return replace(learned, familiarities={"+".join(VOTERS): told}, threshold=Threshold(0.5, promised=True), guards=())


def leaving(learned: Learned) -> list[Vote]:
    return [*LEAVING, classifier.vote(redacted("je veux quitter le club"), learned)]


@pytest.mark.parametrize(
    ("routed", "named", "reason"), [(-1, -2, "confident"), (1, -1, "unfamiliar"), (2, 1, "out_of_scope")]
)
def test_a_sure_guess_is_not_routed_where_the_message_is_of_another_kind_than_is_known(
    routed: float, named: float, reason: str, learned: Learned, phrases: Phrases
) -> None:
    known = of_kinship(learned, routed, named)
    decision = decide(leaving(known), playbook(), known, phrases)
    assert (decision.outcome_reason, decision.guess) == (reason, "depart")
    assert (decision.queue is None) == (reason != "confident")
    assert "« depart »" in decision.reason, "the likeliest queues stay shown"


def test_what_looks_unknown_still_goes_to_the_queue_for_what_is_out_of_scope(
    learned: Learned, phrases: Phrases
) -> None:
    first, *others = playbook().queues
    beyond = playbook().model_copy(update={"queues": (first.model_copy(update={"out_of_scope": True}), *others)})
    known = of_kinship(learned, 2, 1)
    assert decide(leaving(known), beyond, known, phrases).queue == "depart"


def test_a_models_word_speaks_for_a_message_that_local_voters_do_not_know(learned: Learned, phrases: Phrases) -> None:
    known = of_kinship(learned, 2, 1)
    decision = decide([*leaving(known), said("model", "depart", 1.0)], playbook(), known, phrases)
    assert decision.queue == "depart"
    assert decision.local is not None
    assert decision.local.outcome_reason == "out_of_scope", "alone they would have asked an advisor, or the model"
