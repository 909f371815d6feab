import pytest

from service.learning.promise import error_bound
from service.learning.trust import PRIORS, UNTRIED, Trust, standing_of


@pytest.mark.parametrize("stance", PRIORS)
def test_without_history_a_likelihood_may_lower_trust_and_never_raises_it(stance: str) -> None:
    plain = UNTRIED(stance)
    found = [UNTRIED(stance, likelihood) for likelihood in (0.3, 0.7, 0.95, 0.999, 1.0)]
    assert found == sorted(found)
    assert max(found) == plain
    assert found[0] <= 0.5


def test_the_better_a_model_agrees_with_the_local_voters_the_more_it_is_trusted() -> None:
    trusted = [UNTRIED(stance) for stance in ("apart", "among", "agrees", "agrees_sure")]
    assert trusted == sorted(trusted)


def test_history_overrules_the_prior() -> None:
    assert Trust({"apart": (190, 10)})("apart") > 0.93
    assert Trust({"agrees_sure": (500, 500)})("agrees_sure") < 0.6


def test_one_message_changes_little() -> None:
    assert abs(Trust({"agrees": (0, 1)})("agrees") - UNTRIED("agrees")) < 0.05


def test_history_without_likelihoods_counts_for_those_that_have_them() -> None:
    assert Trust({"apart": (200, 4)})("apart", 0.999) > UNTRIED("apart", 0.999) + 0.2
    assert Trust({"among": (200, 4)})("apart", 0.999) == UNTRIED("apart", 0.999)


def test_history_may_say_that_a_torn_model_is_right_all_the_same() -> None:
    assert Trust({standing_of("among", 0.3): (95, 5)})("among", 0.3) > 0.9


def test_trust_nears_the_share_that_was_right() -> None:
    seen = Trust({"among:certain": (700, 300), "among:torn": (200, 300)})
    assert seen("among", 0.995) == pytest.approx(0.7, abs=0.01)
    assert seen("among", 0.1) == pytest.approx(0.4, abs=0.01)


def test_a_standing_keeps_a_promise_as_the_exact_bound_says() -> None:
    def supports(right: int, wrong: int) -> bool:
        return Trust({"among": (right, wrong)}).supports("among", 0.03, 0.9)

    for wrong in range(4):
        count = next(n for n in range(76, 500) if error_bound(wrong, n, 0.9) <= 0.03)
        assert supports(count - wrong, wrong)
        assert wrong == 0 or not supports(count - 1 - wrong, wrong)


def test_a_standing_with_too_little_history_is_not_held_back() -> None:
    assert Trust({"among": (40, 10)}).supports("among", 0.03, 0.9)
    assert not Trust({"among": (90, 10)}).supports("among", 0.03, 0.9)


def test_a_long_history_is_no_matter() -> None:
    assert Trust({"among": (98_000, 2_000)}).supports("among", 0.03, 0.9)
    assert not Trust({"among": (96_000, 4_000)}).supports("among", 0.03, 0.9)
