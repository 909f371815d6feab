"""What the oversight reads from the database, in one moment of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.desk.oversight.counting import HOURS
from service.domain.moment import day_of
from service.domain.team import Team
from service.storage import board, figures, people, reuses, teams
from service.storage.database import Transaction
from service.storage.reuses import Taken

MOST_DAYS = 1_100
"""Three years: the longest range that is shown, and the history that forecasts are made from."""

WAITS = ("to_claim", "to_sent")

NAMES = (
    "received", "answered", "handled", "within_24", "within_48", "chaser", "routed", "abstained", "routed_right",
    "routed_wrong", "guess_right", "guess_wrong", "case_escalated", "case_handed_back", "queue_corrected",
    "draft_kept", "draft_edited", "draft_rewritten", "draft_none", "calls", "prompt_tokens", "completion_tokens",
    "cost_usd", "unpriced",
)  # fmt: skip
"""Totals that are read day by day."""

Along = dict[str, dict[str, dict[str, float]]]
"""Kind, value, name."""


@dataclass(frozen=True, slots=True)
class Read:
    """What the database says: totals by day, sums along each kind over all days and over the ripe ones, and now."""

    days: Mapping[date, Mapping[str, float]]
    waits: Mapping[str, Mapping[str, float]]
    along: Mapping[str, Mapping[str, Mapping[str, float]]]
    ripe: Mapping[str, Mapping[str, Mapping[str, float]]]
    to_do: int
    late: int
    team_names: Mapping[str, tuple[str, str]]
    teams: Sequence[Team]
    signed_in: Mapping[str, datetime | None]
    taken: Sequence[Taken]


def ripe_until(now: datetime) -> date:
    """The last day that ended two days ago."""
    return day_of(now) - timedelta(days=1 + max(HOURS) // 24)


def gather(transaction: Transaction, account: str, first: date, last: date, now: datetime) -> Read:
    today = day_of(now)
    since = min(first, today - timedelta(days=MOST_DAYS))
    kinds, old = ("channel", "queue", "team"), min(last, ripe_until(now))
    days: dict[date, dict[str, float]] = defaultdict(dict)
    for _, day, name, _, amount in figures.by_day(transaction, account, NAMES, first, last):
        days[day][name] = amount
    for _, day, name, _, amount in figures.by_day(transaction, account, ("received", "handled"), since, today):
        days[day][name] = amount
    waits: dict[str, dict[str, float]] = {name: {} for name in WAITS}
    for _, value, name, amount in figures.along(transaction, account, ("total",), first, last):
        if name in waits:
            waits[name][value] = amount
    along = _along(figures.along(transaction, account, kinds, first, last))
    young = _along(figures.along(transaction, account, kinds, max(first, old + timedelta(days=1)), last))
    heaps = board.heaps(transaction, (account,), now)
    return Read(
        days=days,
        waits=waits,
        along=along,
        ripe=_less(along, young),
        to_do=sum(heap.pile.count for heap in heaps),
        late=sum(heap.pile.late for heap in heaps),
        team_names=teams.names(transaction),
        teams=teams.all_teams(transaction),
        signed_in={one.name: one.signed_in_at for one in people.all_people(transaction)},
        taken=reuses.taken(transaction, account, first, last),
    )


def _along(rows: Iterable[tuple[str, str, str, float]]) -> Along:
    found: Along = {}
    for kind, value, name, amount in rows:
        found.setdefault(kind, {}).setdefault(value, {})[name] = amount
    return found


def _less(all_: Along, some: Along) -> Along:
    """What is left without some: the last two days are fewer to read than all that were before them."""
    return {
        kind: {
            value: {name: amount - some.get(kind, {}).get(value, {}).get(name, 0) for name, amount in amounts.items()}
            for value, amounts in values.items()
        }
        for kind, values in all_.items()
    }
