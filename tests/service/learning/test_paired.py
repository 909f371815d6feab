import numpy as np
import pytest

from service.learning.paired import design_effect, mcnemar_p, mean_interval, smallest_difference


@pytest.mark.parametrize(
    ("won", "lost", "p"),
    [(0, 0, 1.0), (6, 0, 2 * 0.5**6), (1, 7, 18 / 256), (5, 5, 1.0), (12, 2, 212 / 2**14)],
)
def test_mcnemar_is_the_binomial_test_over_the_pairs_that_differ(won: int, lost: int, p: float) -> None:
    assert mcnemar_p(won, lost) == pytest.approx(p)
    assert mcnemar_p(lost, won) == pytest.approx(p)


def test_the_worked_example_of_agresti() -> None:
    """Agresti, Categorical Data Analysis, section 10.1: 150 against 86 changed their mind; z² = 17.36."""
    assert mcnemar_p(150, 86) == pytest.approx(3.7e-5, rel=0.05)


def test_an_interval_is_the_same_every_time_and_holds_the_mean() -> None:
    values = [1.0] * 80 + [0.0] * 20
    names = [str(at) for at in range(100)]
    first = mean_interval(values, names)
    assert first == mean_interval(values, names)
    assert first.low == pytest.approx(0.72, abs=0.015)
    assert first.high == pytest.approx(0.88, abs=0.015)


def test_messages_of_one_sender_count_as_little_as_they_tell() -> None:
    values = [1.0] * 80 + [0.0] * 20
    alone = mean_interval(values, [str(at) for at in range(100)])
    in_tens = mean_interval(values, [str(at // 10) for at in range(100)])
    assert in_tens.high - in_tens.low > 2 * (alone.high - alone.low)
    assert design_effect(values, [str(at // 10) for at in range(100)]) == pytest.approx(10)
    assert design_effect(values, [str(at) for at in range(100)]) == pytest.approx(1)


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    """150 samples of 60 senders with one to five messages each, right with a probability that is the sender's own."""
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(150):
        senders = np.repeat(np.arange(60), rng.integers(1, 6, size=60))
        ease = rng.beta(8, 2, size=60)
        values = (rng.random(len(senders)) < ease[senders]).astype(float)
        found = mean_interval(values.tolist(), senders.astype(str).tolist())
        held += found.low <= 0.8 <= found.high
    assert 0.89 <= held / 150 <= 0.99


def test_being_always_right_is_not_being_certain() -> None:
    """Clopper and Pearson: with 10 of 10 the lower end is 0.6915."""
    found = mean_interval([1.0] * 10, [str(at) for at in range(10)])
    assert found.low == pytest.approx(0.6915, abs=1e-4)
    assert found.high == 1.0
    none = mean_interval([0.0] * 10, [str(at) for at in range(10)], lowest=-1.0)
    assert none.low == pytest.approx(-0.3085, abs=1e-4)
    assert none.high == pytest.approx(0.3085, abs=1e-4)


def test_the_smallest_difference_is_found_by_the_formula_it_names() -> None:
    """Connor 1987: 20 % discordant, 5 points, power 0.8: n = (1.96·√0.2 + 0.8416·√0.1975)² / 0.05² = 625.5"""
    assert smallest_difference(625.5, 0.2) == pytest.approx(0.05, abs=1e-4)
    assert smallest_difference(3, 0.0) == 1.0


def test_a_difference_of_that_size_is_shown_in_four_of_five_cases() -> None:
    rng = np.random.default_rng(2)
    n, discordant = 600, 0.15
    difference = smallest_difference(n, discordant)
    won_share, lost_share = (discordant + difference) / 2, (discordant - difference) / 2
    drawn = rng.multinomial(n, [won_share, lost_share, 1 - discordant], size=400)
    shown = np.mean([mcnemar_p(int(won), int(lost)) < 0.05 for won, lost, _ in drawn])
    assert 0.72 <= shown <= 0.86


def test_where_nothing_differs_what_would_have_shown_still_shrinks_with_more_messages() -> None:
    assert smallest_difference(100, 0.0) == pytest.approx(0.0761, abs=0.001)
    assert smallest_difference(10_000, 0.0) < 0.001
