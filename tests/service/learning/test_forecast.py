"""Forecasts of days with a known season, of noise, and of too little."""

import random
from datetime import date, timedelta

import pytest

from service.learning.forecast import Plan, forecast_backlog, quantile

END = date(2026, 11, 22)
WEEKDAYS = (1.4, 1.2, 1.0, 1.0, 0.9, 0.3, 0.2)


def series(days: int, level: float = 100.0, noise: float = 0.0, months: bool = False) -> list[float]:
    """Up to and with END."""
    chance, found = random.Random(7), []
    for back in range(days - 1, -1, -1):
        day = END - timedelta(days=back)
        month = (1.5 if day.month in {7, 8} else 0.9) if months else 1.0
        found.append(max(0.0, level * month * WEEKDAYS[day.weekday()] * (1 + noise * chance.gauss(0, 1))))
    return found


def test_the_season_of_a_week_is_found_to_the_day() -> None:
    received = series(120)
    told = forecast_backlog(received, received, END, 40, Plan())
    assert told is not None
    arrivals, backlog = told
    assert [round(one.amount) for one in arrivals.days[:7]] == [140, 120, 100, 100, 90, 30, 20]
    assert arrivals.days[0].day == END + timedelta(days=1)
    assert arrivals.error == pytest.approx(0, abs=1e-6)
    assert [round(one.amount) for one in backlog.days] == [40] * 14
    assert not arrivals.yearly


def test_noise_widens_the_margin_and_the_method_beats_last_week() -> None:
    received, handled = series(200, noise=0.2), series(200, level=90, noise=0.1)
    told = forecast_backlog(received, handled, END, 500, Plan())
    assert told is not None
    arrivals, backlog = told
    assert 0 < arrivals.error < arrivals.naive_error
    assert backlog.days[-1].amount > backlog.days[0].amount > 0
    assert backlog.days[-1].high - backlog.days[-1].low > backlog.days[0].high - backlog.days[0].low
    assert all(one.low <= one.amount <= one.high for one in (*arrivals.days, *backlog.days))


def test_months_count_once_two_years_are_known() -> None:
    end_of_june = date(2026, 6, 30)
    received = series(146 + 800, months=True)[: -(END - end_of_june).days]
    told = forecast_backlog(received, received, end_of_june, 0, Plan())
    assert told is not None
    assert told[0].yearly
    mondays = [one.amount for one in told[0].days if one.day.weekday() == 0]
    assert mondays[0] == pytest.approx(100 * 1.5 * 1.4, rel=0.08)


def test_too_little_history_says_nothing_and_an_empty_one_nothing_strange() -> None:
    assert forecast_backlog(series(83), series(83), END, 10, Plan()) is None
    told = forecast_backlog([0.0] * 100, [0.0] * 100, END, 3, Plan())
    assert told is not None
    assert {one.amount for one in told[0].days} == {0.0}
    assert {one.amount for one in told[1].days} == {3.0}


def test_quantiles_lie_between_what_was_seen() -> None:
    assert quantile([], 0.5) == 0
    assert quantile([1.0, 2.0, 4.0], 0.5) == 2
    assert quantile([1.0, 2.0, 4.0], 0.75) == 3
