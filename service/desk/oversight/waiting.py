"""The backlog: now, on the days before, reckoned back from now, and ahead."""

from datetime import date, timedelta

from service.desk.oversight.days import days_of
from service.desk.oversight.reading import Read
from service.domain.oversight import Backlog, DayAmount, DayExpected, Forecasting
from service.learning.forecast import Forecast, Plan, forecast_backlog

REGULAR_DAYS = 28


def backlog(read: Read, first: date, last: date, today: date, plan: Plan) -> Backlog:
    known = [day for day, amounts in read.days.items() if amounts.get("received") and day <= today]
    change = {day: amounts.get("received", 0) - amounts.get("handled", 0) for day, amounts in read.days.items()}
    left, ends = float(read.to_do), {}
    for day in reversed(days_of(min([first, *known]), today)):
        ends[day] = max(0.0, left)
        left -= change.get(day, 0)
    yesterday = today - timedelta(days=1)
    series = _history(set(known), yesterday)
    received, handled = ([read.days.get(day, {}).get(name, 0.0) for day in series] for name in ("received", "handled"))
    told = forecast_backlog(received, handled, yesterday, ends.get(yesterday, read.to_do), plan)
    return Backlog(
        now=read.to_do,
        late=read.late,
        days=tuple(DayAmount(day=day, amount=ends[day]) for day in days_of(first, last) if day in ends),
        history_days=len(series),
        least_days=plan.least_days,
        received_ahead=_forecasting(told[0]) if told else None,
        backlog_ahead=_forecasting(told[1]) if told else None,
    )


def _history(known: set[date], last: date) -> list[date]:
    """The days since messages come regularly: on half of the days of the four weeks that follow. What a stray date of
    long ago would stretch is no history."""
    for day in sorted(known):
        weeks = days_of(day, day + timedelta(days=REGULAR_DAYS - 1))
        if 2 * len(known.intersection(weeks)) >= REGULAR_DAYS:
            return days_of(day, last)
    return []


def _forecasting(told: Forecast) -> Forecasting:
    return Forecasting(
        days=tuple(DayExpected(day=one.day, amount=one.amount, low=one.low, high=one.high) for one in told.days),
        error=told.error,
        naive_error=told.naive_error,
        yearly=told.yearly,
        backtests=told.backtests,
    )
