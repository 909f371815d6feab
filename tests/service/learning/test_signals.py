import numpy as np

from service.learning.signals import Signal, best_threshold, fit_signal

PRIOR = Signal((1.0,), 0.0, 0.5)


def test_the_threshold_is_half_the_best_f_that_the_probabilities_promise() -> None:
    """Lipton, Elkan and Naryanaswamy, "Optimal thresholding of classifiers to maximize F1 measure" (2014)."""
    probability = np.random.default_rng(1).beta(0.3, 3, 20_000)
    threshold = best_threshold(probability)
    said = probability >= threshold
    best = 2 * probability[said].sum() / (said.sum() + probability.sum())
    assert abs(threshold - best / 2) < 0.005


def test_what_is_worse_to_miss_is_said_sooner() -> None:
    probability = np.linspace(0.01, 0.9, 500)
    assert best_threshold(probability, beta=1.5) < best_threshold(probability)


def test_a_lucky_example_does_not_move_the_threshold_far() -> None:
    """Of rare answers the best cut that was seen is luck: one label more at the far end moves it a long way."""
    given = np.random.default_rng(2).normal(size=(600, 1))
    yes = given[:, 0] + np.random.default_rng(3).normal(size=600) > 2.2
    lucky = yes.copy()
    lucky[np.argsort(given[:, 0])[-60:]] |= np.arange(60) == 0
    one, other = (fit_signal(given, each, PRIOR) for each in (yes, lucky))
    assert abs(one.threshold - other.threshold) < 0.03


def test_too_few_answers_leave_the_prior() -> None:
    assert fit_signal(np.ones((20, 1)), np.arange(20) < 3, PRIOR) == PRIOR
