"""A mix that has moved is told from one that chance alone moved."""

import random
from collections import Counter

import pytest
from scipy.stats import chi2

from service.learning.shift import _chi_square, shift

BEFORE = {"a": 400.0, "b": 300.0, "c": 200.0, "d": 100.0}


def test_what_moved_most_comes_first_with_its_shares() -> None:
    found = shift(BEFORE, {"a": 40, "b": 30, "c": 20, "d": 410})
    assert found is not None
    assert found.index > 0.25
    assert found.index > found.by_chance
    assert found.messages == 500
    assert (found.moved[0].queue, round(found.moved[0].before, 2), round(found.moved[0].now, 2)) == ("d", 0.1, 0.82)


def test_a_queue_that_is_new_or_gone_has_a_finite_part() -> None:
    found = shift(BEFORE, {"a": 50, "new": 50})
    assert found is not None
    assert 0.25 < found.index < 20
    assert {"new", "b"} <= {one.queue for one in found.moved[:3]}


@pytest.mark.parametrize("few", [20, 200])
def test_chance_alone_passes_its_bound_about_once_in_twenty(few: int) -> None:
    drawn, passed = random.Random(7), 0
    for _ in range(400):
        found = shift(BEFORE, Counter(drawn.choices(list(BEFORE), list(BEFORE.values()), k=few)))
        assert found is not None
        passed += found.index > found.by_chance
    assert passed / 400 < 0.09


def test_of_nothing_nothing_is_said() -> None:
    assert shift({}, BEFORE) is None
    assert shift(BEFORE, {}) is None


@pytest.mark.parametrize("degrees", [2, 5, 21, 100])
def test_the_quantile_is_within_two_in_a_hundred(degrees: int) -> None:
    assert _chi_square(degrees) == pytest.approx(chi2.ppf(0.95, degrees), rel=0.02)
