"""The figures that those who lead read: every one is defined in docs/oversight.md."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from service.domain.value import Value

Grain = Literal["day", "week"]
Day = Annotated[date, Field(strict=False)]


class Share(Value):
    """`share` is None of nothing."""

    n: int
    of: int
    share: float | None

    @classmethod
    def made(cls, n: float, of: float) -> "Share":
        return cls(n=round(n), of=round(of), share=n / of if of else None)


class Measured(Value):
    """A share with its 95 % interval (Wilson); all None where nothing was looked at."""

    n: int
    of: int
    share: float | None
    low: float | None
    high: float | None


class Flow(Value):
    """`received` and what became of it, by the day of receipt; `handled` by the day on which the reply was sent.
    `within_24h` and `within_48h`: of what was received on days that ended two days ago and earlier."""

    received: int
    answered: Share
    handled: int
    within_24h: Share
    within_48h: Share


class Period(Value):
    """A day, or a week by its Monday."""

    start: Day
    flow: Flow
    chasers: int
    routed: int
    abstained: int
    escalated: int
    handed_back: int
    corrected: int


class Slice(Value):
    """What concerns one channel, queue, level, site or team; `value` is "" for what has none."""

    value: str
    label: str
    flow: Flow


class Routing(Value):
    """What was routed without a person. `error`: the share of wrong ones among those of which people said something,
    or which they answered where they were; of the `unreviewed` nobody knows."""

    triaged: int
    routed: Share
    error: Measured
    unreviewed: int


class WeekAccuracy(Value):
    """Of the messages received in the week of that Monday, `routed` ones alone and, by the best guess, all."""

    start: Day
    routed: Measured
    guessed: Measured


class Waiting(Value):
    """Hours from arrival; None where there is nothing to measure. Classes of a ratio of 1.19 are interpolated."""

    n: int
    median_h: float | None
    p90_h: float | None


class Drafts(Value):
    """What became of drafts, by the day of the reply that was recorded last; `none`: answered without one."""

    kept: int
    edited: int
    rewritten: int
    none: int


class DayCost(Value):
    """`cost_usd` of calls whose price is known; `unpriced` messages had one that is not."""

    day: Day
    calls: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float
    unpriced: int


class DayAmount(Value):
    day: Day
    amount: float


class DayExpected(Value):
    day: Day
    amount: float
    low: float
    high: float


class Forecasting(Value):
    """`error`: mean absolute error a day on `backtests` past forecasts, `naive_error` that of the week before repeated.
    `yearly`: whether months count."""

    days: tuple[DayExpected, ...]
    error: float
    naive_error: float
    yearly: bool
    backtests: int


class Backlog(Value):
    """What is to do now; at the end of each day of the range, reckoned back from now; and forecasts, None where
    `history_days` are fewer than `least_days`."""

    now: int
    late: int
    days: tuple[DayAmount, ...]
    history_days: int
    least_days: int
    received_ahead: Forecasting | None
    backlog_ahead: Forecasting | None


class TeamUse(Value):
    """`signed_in`: of the members, since the first day. `from_draft`: of the replies that had a draft, those that kept
    or edited it."""

    team: str
    site: str
    members: int
    signed_in: int
    handled: int
    from_draft: Share


class SiteReuse(Value):
    """Of the people of one site: in how many messages others took up their confirmed messages (`corrections`) and the
    canned answers written from their proposals and replies (`answers`). `elsewhere`: of both, at another site. `site`
    is "" for who is of none, or of one so small that its figures would be a person's."""

    site: str
    people: int
    corrections: int
    answers: int
    elsewhere: Share


class Oversight(Value):
    """All figures of an account over a range of days, both inside. `uncounted`: events that these figures do not hold
    yet, up to a thousand."""

    account: str
    first: Day
    last: Day
    grain: Grain
    made_at: AwareDatetime
    uncounted: int
    target: float
    total: Flow
    chasers: Share
    periods: tuple[Period, ...]
    channels: tuple[Slice, ...]
    queues: tuple[Slice, ...]
    levels: tuple[Slice, ...]
    sites: tuple[Slice, ...]
    teams: tuple[Slice, ...]
    routing: Routing
    accuracy: tuple[WeekAccuracy, ...]
    to_claim: Waiting
    to_sent: Waiting
    drafts: Drafts
    costs: tuple[DayCost, ...]
    daily_budget_usd: float | None
    backlog: Backlog
    use: tuple[TeamUse, ...]
    reuse: tuple[SiteReuse, ...]
