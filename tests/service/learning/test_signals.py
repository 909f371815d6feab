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


def test_the_threshold_of_a_rare_answer_hangs_on_no_single_example() -> None:
    """Over draws of thirty rare answers the best cut that was seen would vary 2.5 times as much."""
    found = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        given = rng.normal(size=(500, 1))
        yes = given[:, 0] + 1.2 * rng.normal(size=500) > 2.6
        found.append(fit_signal(given, yes, PRIOR).threshold)
    assert np.std(found) < 0.04


def test_too_few_answers_leave_the_prior() -> None:
    assert fit_signal(np.ones((20, 1)), np.arange(20) < 3, PRIOR) == PRIOR
