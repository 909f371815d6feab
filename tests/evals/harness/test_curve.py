"""The learning curve from predictions made by hand."""

import csv
import io
from datetime import UTC, datetime

import numpy as np
import pytest

from evals.harness.curve import Stream, as_csv, passing, rows_of, told, windowed
from evals.harness.dataset import Labelled
from service.domain.confirmed import Confirmed
from service.domain.message import Message
from tests.evals.harness.made import made


def day(at: int) -> datetime:
    return datetime(2026, 3, 1 + 2 * at, 9, tzinfo=UTC)


def stream(right: str, window: int = 2, week: int | None = None, routed: bool = True) -> Stream:
    """`+` right, `-` wrong; a message every two days."""
    messages = [
        Labelled(Confirmed(message=Message(external_id=f"m,{at}", received_at=day(at)), queue="a"), "g")
        for at in range(len(right))
    ]
    said = [made("a", "a" if one == "+" else "b", routed=routed, external_id=f"m{at}") for at, one in enumerate(right)]
    return Stream(messages, said, [False] * len(right), window, week)


def test_windowed_is_the_mean_of_the_last_ones_and_unknown_before() -> None:
    found = windowed(np.array([1.0, 0.0, 1.0, 1.0]), 2)
    assert found.tolist()[1:] == [0.5, 0.5, 1.0]
    assert np.isnan(found[0])
    assert np.isnan(windowed(np.array([1.0]), 5)).all()


def test_the_curve_says_how_right_and_how_sure_the_account_was_so_far() -> None:
    rows = rows_of(stream("+--+"))
    assert rows["cumulative"].tolist() == pytest.approx([1, 1 / 2, 1 / 3, 1 / 2])
    assert rows["routed_error"].tolist() == pytest.approx([0, 1 / 2, 2 / 3, 1 / 2])
    assert rows["coverage"].tolist() == [1, 1, 1, 1]
    assert np.isnan(rows_of(stream("++", routed=False))["routed_error"]).all()


@pytest.mark.parametrize(
    ("values", "first", "stays"),
    [([np.nan, 0.9, 0.8, 0.9, 0.95], 2, 4), ([0.9, 0.9], 1, 1), ([0.9, 0.8], 1, None), ([0.1], None, None)],
)
def test_a_level_is_passed_first_and_for_good(values: list[float], first: int | None, stays: int | None) -> None:
    assert passing(np.array(values), 0.85) == {"first": first, "stays": stays}


def test_a_week_goes_by_the_dates_or_by_the_volume() -> None:
    by_date = told(stream("++-+-----"), [])["first_week"]
    assert (by_date["by"], by_date["n"], by_date["accuracy"]) == ("received_at", 4, 0.75)
    by_volume = told(stream("++-+-----", week=2), [])["first_week"]
    assert (by_volume["by"], by_volume["n"], by_volume["accuracy"]) == ("volume", 2, 1.0)


def test_the_file_has_a_line_for_each_message() -> None:
    lines = list(csv.DictReader(io.StringIO(as_csv(stream("+-+")))))
    assert [line["external_id"] for line in lines] == ["m,0", "m,1", "m,2"]
    assert [line["windowed"] for line in lines] == ["", "0.5", "0.5"]


def test_each_quarter_tells_the_kinds_of_file_apart() -> None:
    found = told(stream("++--+-++"), [])["quarters"]
    assert [part["g"]["accuracy"] for part in found] == [1.0, 0.0, 0.5, 1.0]
    assert [part["g"]["n"] for part in found] == [2, 2, 2, 2]
    assert len(told(stream("+"), [])["quarters"]) == 4
