import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.harness.calibration import POINTS, brier, calibration_error, reliability, risk_coverage
from evals.measures import expected_calibration_error


def test_calibration_error_of_constructed_data() -> None:
    """50 messages said at 0.9 of which 40 are right, 50 at 0.6 of which 35 are: (0.1 + 0.1) / 2."""
    confidence = np.repeat([0.9, 0.6], 50)
    correct = np.concatenate([np.arange(50) < 40, np.arange(50) < 35])
    bins = reliability(confidence, correct)
    assert [(one.low, one.high, one.n) for one in bins] == [(0.5, 0.6, 50), (0.8, 0.9, 50)]
    assert [one.accuracy for one in bins] == [0.7, 0.8]
    assert calibration_error(bins) == pytest.approx(0.1)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_calibration_error_is_that_of_the_cross_validation(pairs: list[tuple[float, bool]]) -> None:
    confidence, correct = np.array([one for one, _ in pairs]), np.array([two for _, two in pairs])
    ours = calibration_error(reliability(confidence, correct))
    assert ours == pytest.approx(expected_calibration_error(confidence, correct))


def test_brier_score_of_a_worked_example() -> None:
    assert brier(np.array([1.0, 0.7, 0.4]), np.array([True, False, True])) == pytest.approx((0 + 0.49 + 0.36) / 3)


def test_the_surest_messages_come_first_and_ties_together() -> None:
    confidence = np.array([0.5, 0.9, 0.7, 0.7])
    correct = np.array([False, True, True, False])
    curve = [(point.coverage, point.error) for point in risk_coverage(confidence, correct)]
    assert curve == [(0.25, 0.0), (0.75, pytest.approx(1 / 3)), (1.0, 0.5)]


def test_a_long_curve_is_thinned_and_keeps_its_ends() -> None:
    confidence = np.linspace(1, 0, 5_000)
    curve = risk_coverage(confidence, np.arange(5_000) < 4_000)
    assert len(curve) <= POINTS
    assert (curve[0].coverage, curve[-1].coverage, curve[-1].error) == (1 / 5_000, 1.0, 0.2)
