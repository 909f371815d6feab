from math import exp

import numpy as np
import pytest

from service.domain.votes import Vote
from service.learning.trust import Trust
from service.pipeline.fusion import Fused, fuse
from service.pipeline.votes.likelihood import likelihood_of

QUEUES = ("depart", "vol", "adresse")


def fused(scores: dict[str, float], *more: Vote, trust: Trust | None = None, watched: tuple[str, ...] = ()) -> Fused:
    found = fuse([Vote(voter="classifier", scores=scores), *more], QUEUES, None, trust or Trust(), watched)
    assert found is not None
    return found


def model(queue: str, likelihood: float | None = None) -> Vote:
    return Vote(voter="model", scores={queue: 0.9}, likelihood=likelihood)


def test_a_queue_that_must_not_be_missed_is_the_better_guess_when_it_is_nearly_as_likely() -> None:
    near, far = {"depart": 0.5, "vol": 0.4, "adresse": 0.1}, {"depart": 0.9, "vol": 0.08, "adresse": 0.02}
    assert QUEUES[fused(near).best] == "depart"
    assert QUEUES[fused(near, watched=("vol",)).best] == "vol"
    assert QUEUES[fused(far, watched=("vol",)).best] == "depart"


def test_such_a_guess_is_no_surer_than_either_and_probabilities_still_sum_to_one() -> None:
    plain, watched = (fused({"depart": 0.5, "vol": 0.4, "adresse": 0.1}, watched=w) for w in ((), ("vol",)))
    assert watched.probabilities.max() < plain.probabilities.max()
    assert np.isclose(watched.probabilities.sum(), 1)


def test_a_models_queue_gets_what_its_standing_has_earned() -> None:
    local = {"depart": 0.5, "vol": 0.4, "adresse": 0.1}
    untried, tried = fused(local, model("vol")), fused(local, model("vol"), trust=Trust({"among": (400, 4)}))
    assert (untried.stance, untried.standing) == ("among", "among")
    assert untried.probabilities[1] == pytest.approx(0.8)
    assert tried.probabilities[1] > 0.97


def test_an_unlikely_answer_lowers_trust() -> None:
    local = {"depart": 0.5, "vol": 0.4, "adresse": 0.1}
    torn = fused(local, model("vol", 0.4))
    assert torn.standing == "among:torn"
    assert torn.probabilities[1] == pytest.approx(0.5)


def test_a_likelihood_is_that_of_the_queues_own_tokens() -> None:
    tokens = [('{"', -0.1), ("queue", -0.2), ('": "', -0.3), ("garantie", -0.5), ("_suivi", -0.25), ('", "x', -0.125)]
    assert likelihood_of(tokens, "garantie_suivi") == pytest.approx(exp(-0.875))


def test_what_a_model_thinks_aloud_is_no_answer() -> None:
    tokens = [('<think>{"queue": "vol"}</think>', -3.0), ('{"queue": "', 0.0), ("depart", -0.5), ('"}', 0.0)]
    assert likelihood_of(tokens, "depart") == pytest.approx(exp(-0.5))
    assert likelihood_of(tokens, "adresse") is None
    assert likelihood_of((), "depart") is None


def test_history_calibrates_the_word_of_a_model_of_whatever_accuracy() -> None:
    """A stand-in that is right seven times in ten, whatever the local voters think, and always claims to be sure."""
    rng = np.random.default_rng(0)

    def asked(trust: Trust) -> tuple[list[tuple[str, bool]], float]:
        heard, gaps = [], []
        for _ in range(1_500):
            local = dict(zip(QUEUES, rng.dirichlet((2.0, 0.6, 0.6)), strict=True))
            right = str(rng.choice(QUEUES, p=list(local.values())))
            said = right if rng.random() < 0.7 else str(rng.choice([one for one in QUEUES if one != right]))
            found = fused(local, model(said, 0.999), trust=trust)
            heard.append((found.standing, said == right))
            gaps.append(float(found.probabilities.max()) - (QUEUES[found.best] == right))
        return heard, abs(float(np.mean(gaps)))

    heard, before = asked(Trust())
    counts = {
        name: (sum(well for one, well in heard if one == name), sum(not well for one, well in heard if one == name))
        for name, _ in heard
    }
    _, after = asked(Trust(counts))
    assert before > 0.06
    assert after < 0.03
