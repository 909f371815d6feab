"""How many messages will come in and be handled: a level with the season of the week and of the year.

Ratio to moving average (Makridakis, Wheelwright, Hyndman, Forecasting, 3rd ed., section 3.4): each day's count over
the mean of the seven days around it gives the weekday's factor, the median of such ratios; a month's factor is its
mean over the year's, once two years are known. Intervals are the spread of the errors that the same method made on the
past (rolling origin), as is the error that is told; beside it stands that of the same day of the week before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean, median

WEEK = 7


@dataclass(frozen=True, slots=True)
class Plan:
    """`days` ahead; nothing is said below `least_days` of history, nothing of months below `yearly_days`. The level is
    that of the last `level_days`; `interval`: the share of cases that a margin is to hold."""

    days: int = 14
    least_days: int = 84
    yearly_days: int = 730
    level_days: int = 28
    backtests: int = 8
    interval: float = 0.8


@dataclass(frozen=True, slots=True)
class Expected:
    """A day ahead; `low` and `high` hold the plan's share of cases."""

    day: date
    amount: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """`error`: mean absolute error of a day on the past; `naive_error`: that of the same weekday of the week before, on
    the same days. `yearly`: whether months count."""

    days: tuple[Expected, ...]
    error: float
    naive_error: float
    yearly: bool
    backtests: int


Series = Sequence[float]
"""One amount a day, without gaps, the oldest first."""


def forecast_backlog(
    received: Series, handled: Series, end: date, backlog: float, plan: Plan
) -> tuple[Forecast, Forecast] | None:
    """What comes in, and the backlog at the end of each day, after the day `end`; None for too short a history."""
    if len(received) < plan.least_days:
        return None
    arrivals, change = (
        _forecast(received, end, plan),
        [came - went for came, went in zip(received, handled, strict=True)],
    )
    ahead = _ahead(received, handled, end, plan)
    origins = _origins(len(change), plan)
    errors: list[list[float]] = [[] for _ in range(plan.days)]
    naive: list[float] = []
    for origin in origins:
        told = _ahead(received[:origin], handled[:origin], end - timedelta(days=len(change) - origin), plan)
        true = _running(change[origin : origin + plan.days])
        usual = _running([change[origin + day - WEEK * (1 + day // WEEK)] for day in range(plan.days)])
        for day, (said, happened, before) in enumerate(zip(told, true, usual, strict=True)):
            errors[day].append(happened - said)
            naive.append(abs(happened - before))
    days = [_expected(end, day, max(0.0, backlog + said), errors[day], plan.interval) for day, said in enumerate(ahead)]
    error = fmean(abs(one) for row in errors for one in row)
    yearly = len(received) >= plan.yearly_days
    return arrivals, Forecast(tuple(days), error, fmean(naive), yearly, len(origins))


def _forecast(series: Series, end: date, plan: Plan) -> Forecast:
    errors: list[float] = []
    naive: list[float] = []
    for origin in (origins := _origins(len(series), plan)):
        told = _predicted(series[:origin], end - timedelta(days=len(series) - origin), plan)
        for day, said in enumerate(told):
            happened = series[origin + day]
            errors.append(happened - said)
            naive.append(abs(happened - series[origin + day - WEEK * (1 + day // WEEK)]))
    days = [_expected(end, day, said, errors, plan.interval) for day, said in enumerate(_predicted(series, end, plan))]
    yearly = len(series) >= plan.yearly_days
    return Forecast(tuple(days), fmean(map(abs, errors)), fmean(naive), yearly, len(origins))


def _ahead(received: Series, handled: Series, end: date, plan: Plan) -> list[float]:
    """By how much the backlog will have changed at the end of each day."""
    pairs = zip(_predicted(received, end, plan), _predicted(handled, end, plan), strict=True)
    return _running([came - went for came, went in pairs])


def _predicted(series: Series, end: date, plan: Plan) -> list[float]:
    """The days after `end`."""
    first = end - timedelta(days=len(series) - 1)
    weekdays = _weekday_factors(series, first)
    months = _month_factors(series, first) if len(series) >= plan.yearly_days else [1.0] * 12
    recent = range(len(series) - plan.level_days, len(series))
    season = [_season(first + timedelta(days=at), weekdays, months) for at in recent]
    level = sum(series[at] for at in recent) / (sum(season) or 1.0)
    days = [end + timedelta(days=ahead) for ahead in range(1, plan.days + 1)]
    return [level * _season(day, weekdays, months) for day in days]


def _season(day: date, weekdays: Sequence[float], months: Sequence[float]) -> float:
    return weekdays[day.weekday()] * months[day.month - 1]


def _weekday_factors(series: Series, first: date) -> list[float]:
    """Seven, with the mean 1, from the last year: habits change."""
    ratios: list[list[float]] = [[] for _ in range(WEEK)]
    half, begun = WEEK // 2, first.weekday()
    for at in range(max(half, len(series) - 52 * WEEK), len(series) - half):
        mean = sum(series[at - half : at + half + 1]) / WEEK
        if mean > 0:
            ratios[(begun + at) % WEEK].append(series[at] / mean)
    return _of_mean_one([median(found) if found else 1.0 for found in ratios])


def _month_factors(series: Series, first: date) -> list[float]:
    """Twelve, with the mean 1, from whole years up to the last day."""
    years = len(series) // 365
    months: list[list[float]] = [[] for _ in range(12)]
    for at in range(len(series) - 365 * years, len(series)):
        months[(first + timedelta(days=at)).month - 1].append(series[at])
    return _of_mean_one([fmean(found) if found else 1.0 for found in months])


def _of_mean_one(factors: Sequence[float]) -> list[float]:
    mean = fmean(factors)
    return [factor / mean for factor in factors] if mean > 0 else [1.0] * len(factors)


def _origins(length: int, plan: Plan) -> list[int]:
    """How many days were known each time, a week apart, the last one just before the end; each with eight weeks behind
    it at the least."""
    last = length - plan.days
    return [origin for origin in range(last, last - WEEK * plan.backtests, -WEEK) if origin >= 2 * plan.level_days]


def _running(amounts: Sequence[float]) -> list[float]:
    total, found = 0.0, []
    for amount in amounts:
        total += amount
        found.append(total)
    return found


def _expected(end: date, ahead: int, amount: float, errors: Sequence[float], interval: float) -> Expected:
    """Errors of both signs count the same: few past cases tell nothing of their skew."""
    spread = quantile(sorted(map(abs, errors)), interval)
    day = end + timedelta(days=ahead + 1)
    return Expected(day, amount, max(0.0, amount - spread), amount + spread)


def quantile(ordered: Sequence[float], share: float) -> float:
    """With linear interpolation; 0 of nothing."""
    if not ordered:
        return 0.0
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)
