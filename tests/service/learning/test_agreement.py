"""Agreement and accuracy of a sample: known values, honest intervals, an allotment that sees rare strata."""

import random

import pytest

from service.learning.agreement import allotted, kappa, share, wilson


def test_kappa_is_cohens_own() -> None:
    """Of 50 cases 20 are yes for both, 15 no for both, 5 and 10 differ: kappa is 0.4."""
    first = ["y"] * 25 + ["n"] * 25
    second = ["y"] * 20 + ["n"] * 5 + ["y"] * 10 + ["n"] * 15
    found = kappa(first, second, [str(row) for row in range(50)])
    assert found.same == pytest.approx(0.7)
    assert found.kappa == pytest.approx(0.4)
    assert found.interval is not None
    assert found.interval.low < 0.4 < found.interval.high


def test_where_all_say_the_same_there_is_no_kappa() -> None:
    assert kappa(["a", "a"], ["a", "a"], ["1", "2"]).kappa is None
    assert kappa([], [], []).n == 0


def test_an_interval_is_wilsons() -> None:
    found = wilson(0.9, 100)
    assert (round(found.low, 4), round(found.high, 4)) == (0.8256, 0.9448)


def test_a_weighted_share_is_the_populations() -> None:
    """Of a stratum of 900 nine in ten are right, of one of 100 half: 86 % in all."""
    right = [True] * 9 + [False] + [True] * 5 + [False] * 5
    found = share(right, [90.0] * 10 + [10.0] * 10, [str(row) for row in range(20)])
    assert found is not None
    assert found.share == pytest.approx(0.86)
    assert found.effective < 20


def test_messages_of_one_sender_make_an_interval_wider() -> None:
    right = [True] * 30 + [False] * 10
    alone = share(right, [1.0] * 40, [str(row) for row in range(40)])
    together = share(right, [1.0] * 40, [str(row // 4) for row in range(40)])
    assert alone
    assert together
    assert together.effective == pytest.approx(10)
    assert together.interval.low < alone.interval.low


def test_every_stratum_is_seen_and_none_gives_more_than_it_has() -> None:
    sizes = {"big": 10_000, "small": 100, "rare": 3, "one": 1}
    drawn = allotted(sizes, 100)
    assert sum(drawn.values()) == 100
    assert drawn["one"] == 1
    assert 2 <= drawn["rare"] <= 3
    assert drawn["big"] > drawn["small"] > drawn["rare"]
    assert allotted(sizes, 100_000) == sizes


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Samples of 60 out of a made-up population with five strata of different accuracy."""
    chance = random.Random(7)
    strata = [(900, 0.97), (400, 0.9), (200, 0.85), (80, 0.7), (20, 0.5)]
    right = {name: [chance.random() < p for _ in range(size)] for name, (size, p) in enumerate(strata)}
    truth = sum(map(sum, right.values())) / sum(map(len, right.values()))
    drawn = allotted({str(name): len(each) for name, each in right.items()}, 60)
    held = 0
    for _ in range(300):
        some = {name: chance.sample(right[int(name)], count) for name, count in drawn.items()}
        weights = [len(right[int(name)]) / drawn[name] for name, each in some.items() for _ in each]
        values = [value for each in some.values() for value in each]
        found = share(values, weights, [str(row) for row in range(len(values))])
        assert found
        held += found.interval.low <= truth <= found.interval.high
    assert held >= 0.93 * 300
