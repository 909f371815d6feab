import numpy as np

from service.learning.promise import CAUTION, choose_threshold, error_bound


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
