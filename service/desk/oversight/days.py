"""Figures by day put together to periods, weeks and series."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from service.desk.oversight.counting import bounds
from service.domain.oversight import DayCost, Drafts, Flow, Grain, Measured, Period, Share, Waiting, WeekAccuracy
from service.learning.agreement import wilson
from service.learning.forecast import quantile

Amounts = Mapping[str, float]
"""By name; what is not there is 0."""

Days = Mapping[date, Amounts]
NOTHING: Amounts = {}


def days_of(first: date, last: date) -> list[date]:
    """Both inside."""
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


def summed(days: Days, chosen: Iterable[date]) -> Amounts:
    total: dict[str, float] = defaultdict(float)
    for day in chosen:
        for name, amount in days.get(day, NOTHING).items():
            total[name] += amount
    return total


def flow(all_: Amounts, ripe: Amounts) -> Flow:
    """`ripe`: of the days from which two days have passed."""
    came, old = all_.get("received", 0), ripe.get("received", 0)
    return Flow(
        received=round(came),
        answered=Share.made(all_.get("answered", 0), came),
        handled=round(all_.get("handled", 0)),
        within_24h=Share.made(ripe.get("within_24", 0), old),
        within_48h=Share.made(ripe.get("within_48", 0), old),
    )


def periods(days: Days, first: date, last: date, grain: Grain, ripe_until: date) -> tuple[Period, ...]:
    grouped: dict[date, list[date]] = defaultdict(list)
    for day in days_of(first, last):
        grouped[monday(day) if grain == "week" else day].append(day)
    return tuple(_period(days, start, found, ripe_until) for start, found in grouped.items())


def _period(days: Days, start: date, found: Sequence[date], ripe_until: date) -> Period:
    total, ripe = summed(days, found), summed(days, (day for day in found if day <= ripe_until))
    counted = ("routed", "abstained")
    return Period(
        start=start,
        flow=flow(total, ripe),
        chasers=round(total.get("chaser", 0)),
        escalated=round(total.get("case_escalated", 0)),
        handed_back=round(total.get("case_handed_back", 0)),
        corrected=round(total.get("queue_corrected", 0)),
        **{name: round(total.get(name, 0)) for name in counted},
    )


def accuracy(days: Days, first: date, last: date) -> tuple[WeekAccuracy, ...]:
    """Weeks of which people said something."""
    weeks: dict[date, list[date]] = defaultdict(list)
    for day in days_of(first, last):
        weeks[monday(day)].append(day)
    found = []
    for start, inside in weeks.items():
        total = summed(days, inside)
        routed, guessed = (
            measured(total.get(f"{kind}_right", 0), total.get(f"{kind}_right", 0) + total.get(f"{kind}_wrong", 0))
            for kind in ("routed", "guess")
        )
        if guessed.of:
            found.append(WeekAccuracy(start=start, routed=routed, guessed=guessed))
    return tuple(found)


def measured(n: float, of: float) -> Measured:
    if not of:
        return Measured(n=0, of=0, share=None, low=None, high=None)
    margin = wilson(n / of, of)
    return Measured(n=round(n), of=round(of), share=n / of, low=margin.low, high=margin.high)


def waiting(classes: Mapping[str, float]) -> Waiting:
    """From how many waited in each class of waiting times."""
    ordered = sorted((name, amount) for name, amount in classes.items() if amount > 0)
    n = round(sum(amount for _, amount in ordered))
    if not n:
        return Waiting(n=0, median_h=None, p90_h=None)
    return Waiting(n=n, median_h=_at(ordered, n, 0.5), p90_h=_at(ordered, n, 0.9))


def _at(ordered: Sequence[tuple[str, float]], n: int, share: float) -> float:
    """The waiting time that this share of them did not exceed, as if those of a class lay evenly in it."""
    wanted, passed = share * n, 0.0
    for name, amount in ordered:
        if passed + amount >= wanted:
            low, high = bounds(name)
            return quantile([low, high], (wanted - passed) / amount)
        passed += amount
    return bounds(ordered[-1][0])[1]


def drafts(total: Amounts) -> Drafts:
    kinds = ("kept", "edited", "rewritten", "none")
    return Drafts(**{kind: round(total.get(f"draft_{kind}", 0)) for kind in kinds})


def costs(days: Days, first: date, last: date) -> tuple[DayCost, ...]:
    """Days on which a model was asked."""
    return tuple(_cost(day, days[day]) for day in days_of(first, last) if days.get(day, NOTHING).get("calls"))


def _cost(day: date, amounts: Amounts) -> DayCost:
    counts = ("calls", "prompt_tokens", "completion_tokens", "unpriced")
    spent = amounts.get("cost_usd", 0.0)
    return DayCost(day=day, cost_usd=spent, **{name: round(amounts.get(name, 0)) for name in counts})


def by_week(costs: Iterable[DayCost]) -> tuple[DayCost, ...]:
    """Summed; each under its Monday."""
    weeks: dict[date, dict[str, float]] = {}
    for one in costs:
        sums = weeks.setdefault(monday(one.day), defaultdict(float))
        for name, amount in one:
            if name != "day":
                sums[name] += amount
    return tuple(_cost(day, sums) for day, sums in weeks.items())


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
