import numpy as np

from service.learning.promise import CAUTION, choose_threshold, error_bound, fewest_for, least_for_all


def test_the_bound_is_clopper_and_pearsons() -> None:
    assert abs(error_bound(0, 100, 0.95) - (1 - 0.05 ** (1 / 100))) < 1e-9
    assert error_bound(3, 3, 0.9) == 1.0


def test_a_promise_is_broken_on_new_messages_no_oftener_than_its_certainty_allows() -> None:
    rng = np.random.default_rng(0)
    broken = made = 0
    for _ in range(200):
        confidence = rng.beta(4, 1.2, size=800)
        threshold = choose_threshold(confidence, rng.random(800) < confidence, 0.05, 0.9, 0.8)
        if threshold.promised:
            fresh = rng.beta(4, 1.2, size=20_000)
            made += 1
            broken += float((1 - fresh[fresh >= threshold.value]).mean()) > 0.05
    assert made > 50
    assert broken / 200 <= 0.1


def test_where_errors_are_too_many_the_threshold_is_cautious_and_promises_nothing() -> None:
    confidence = np.full(500, 0.9)
    threshold = choose_threshold(confidence, np.arange(500) % 3 > 0, 0.03, 0.9, 0.8)
    assert not threshold.promised
    assert threshold.value == CAUTION


def test_few_messages_support_no_promise() -> None:
    threshold = choose_threshold(np.full(50, 0.99), np.full(50, True), 0.03, 0.9, 0.97)
    assert not threshold.promised
    assert threshold.value == 0.97


def test_where_no_bound_holds_the_error_that_was_seen_decides_and_nothing_is_promised() -> None:
    confidence = np.linspace(1.0, 0.5, 200)
    right = np.ones(200, dtype=bool)
    right[[20, 60, 110, 120, 130, 140, 150, 160, 170, 180]] = False
    threshold = choose_threshold(confidence, right, 0.03, 0.9, 0.7)
    assert not threshold.promised
    assert threshold.error <= 0.03
    assert threshold.routed > 0.4


def test_however_sure_the_others_are_nothing_less_likely_than_the_account_says_is_routed() -> None:
    confidence = np.concatenate([np.full(900, 0.99), np.linspace(0.9, 0.6, 100)])
    right = np.ones(1000, dtype=bool)
    assert choose_threshold(confidence, right, 0.03, 0.9, 0.5).value < 0.65
    careful = choose_threshold(confidence, right, 0.03, 0.9, 0.8)
    assert careful.promised
    assert 0.8 <= careful.value < 0.82


def test_one_error_among_the_very_surest_does_not_end_the_descent() -> None:
    confidence = np.linspace(0.99, 0.6, 400)
    right = np.arange(400) != 3
    assert choose_threshold(confidence, right, 0.03, 0.9, 0.8).promised


def test_it_takes_seventy_six_messages_without_error_to_promise_three_per_cent() -> None:
    assert [fewest_for(wrong, 0.03, 0.9) for wrong in (0, 1)] == [76, 129]


def test_on_average_over_histories_hardly_more_goes_wrong_than_accepted() -> None:
    rng = np.random.default_rng(0)
    wrong = routed = 0.0
    for _ in range(200):
        confidence = rng.beta(4, 1.2, size=1_000)
        least = least_for_all(confidence, rng.random(1_000) < confidence, 0.05, 0.8)
        fresh = rng.beta(4, 1.2, size=5_000)
        wrong += float((1 - fresh[fresh >= least]).sum())
        routed += float((fresh >= least).sum())
    assert 0.045 * routed < wrong < 0.051 * routed


def test_all_mail_keeps_the_accepted_error_with_one_more_wrong_than_was_seen() -> None:
    confidence = np.linspace(0.999, 0.8, 400)
    right = np.ones(400, dtype=bool)
    right[100:400:10] = False
    least = least_for_all(confidence, right, 0.03, 0.8)
    routed, wrong = int((confidence >= least).sum()), int((~right[confidence >= least]).sum())
    assert 0.8 < least < 0.96
    assert (wrong + 1) / (routed + 1) <= 0.03
    assert least_for_all(confidence, np.ones(400, dtype=bool), 0.03, 0.85) >= 0.85


def test_too_few_messages_to_afford_one_wrong_are_no_reason_for_a_low_threshold() -> None:
    right = np.ones(32, dtype=bool)
    assert least_for_all(np.full(32, 0.99), right, 0.03, 0.8) == CAUTION
    assert least_for_all(np.full(33, 0.99), np.ones(33, dtype=bool), 0.03, 0.8) < 0.81
    assert least_for_all(np.zeros(0), np.zeros(0, dtype=bool), 0.03, 0.97) == 0.97
