import numpy as np
import pytest

from evals.measures import Prediction, calibration_noise, expected_calibration_error, measure, micro_f1, risk_at


def test_calibration_error_is_the_gap_between_what_is_said_and_what_is_right() -> None:
    confidence = np.full(100, 0.8)
    assert expected_calibration_error(confidence, np.arange(100) < 80) == pytest.approx(0.0)
    assert expected_calibration_error(confidence, np.arange(100) < 50) == pytest.approx(0.3)


def test_few_messages_show_more_calibration_error_by_chance_than_many() -> None:
    few, many = calibration_noise(np.full(30, 0.8)), calibration_noise(np.full(3000, 0.8))
    assert 0 < many < few < 0.2


def test_abstained_messages_count_by_their_best_guess() -> None:
    ours = [Prediction("a", ["a", "b"], 0.9, routed=True), Prediction("a", ["b", "a"], 0.3, routed=False)]
    figures = measure(ours)
    assert (figures["accuracy"], figures["top3"], figures["coverage"], figures["routed_accuracy"]) == (0.5, 1, 0.5, 1)


def test_f1_counts_every_label_of_every_message() -> None:
    assert micro_f1([(frozenset("a"), frozenset("ab")), (frozenset("c"), frozenset())]) == pytest.approx(0.5)


def test_risk_is_the_error_among_the_surest() -> None:
    ours = [Prediction("a", ["a" if at < 8 else "b"], 1 - at / 10, routed=True) for at in range(10)]
    assert risk_at(ours, (0.0, 0.5, 1.0)) == pytest.approx([0.0, 0.0, 0.2])
