"""The oversight of an account: one function says all figures, to the page, the export and the API alike."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from service.desk.clock import Clock, utc_now
from service.desk.oversight import days as by_day
from service.desk.oversight.reading import MOST_DAYS, Read, gather, ripe_until
from service.desk.oversight.reuse import site_reuse
from service.desk.oversight.tallying import Tallying
from service.desk.oversight.waiting import backlog
from service.desk.playbooks.versions import Playbooks
from service.domain.moment import PARIS, day_of
from service.domain.oversight import (
    Flow,
    Grain,
    Oversight,
    Routing,
    Share,
    Slice,
    TeamUse,
)
from service.domain.playbook import Playbook
from service.domain.team import Team
from service.errors import FieldProblem, RefusedError
from service.learning.forecast import Plan
from service.settings import PROMPTS
from service.storage.database import Database
from service.yaml_file import read_yaml

USUAL_DAYS = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """Days in Paris, both inside; None: the last thirty, up to today."""

    account: str
    first: date | None = None
    last: date | None = None
    grain: Grain = "day"


class Overseeing:
    """`daily_budget_usd`: what models may cost a day; 0: no bound."""

    def __init__(
        self,
        database: Database,
        playbooks: Playbooks,
        tallying: Tallying,
        daily_budget_usd: float = 0.0,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._playbooks = playbooks
        self._tallying = tallying
        self._budget = daily_budget_usd
        self._clock = clock

    async def report(self, asked: Asked) -> Oversight:
        """Raises RefusedError for days that cannot be, MissingError for an account without a playbook."""
        playbook, now = await self._playbooks.active(asked.account), self._clock()
        first, last = _range(asked, day_of(now))
        await self._tallying.count(batches=1)
        found = await self._database.read(gather, asked.account, first, last, now)
        return _report(replace(asked, first=first, last=last), playbook, found, now, self._budget or None).model_copy(
            update={"uncounted": await self._tallying.left()}
        )


def _range(asked: Asked, today: date) -> tuple[date, date]:
    last = asked.last or today
    first = asked.first or last - timedelta(days=USUAL_DAYS - 1)
    if not first <= last or (last - first).days >= MOST_DAYS or last > today + timedelta(days=366):
        problem = FieldProblem("from", f"give a day not after `to`, at most {MOST_DAYS} days before it", "no_such_days")
        raise RefusedError("These days cannot be looked at.", (problem,))
    return first, last


def _report(asked: Asked, playbook: Playbook, read: Read, now: datetime, budget: float | None) -> Oversight:
    assert asked.first is not None  # noqa: S101 - the range is settled
    assert asked.last is not None  # noqa: S101
    first, last, ripe = asked.first, asked.last, ripe_until(now)
    inside = by_day.days_of(first, last)
    total = by_day.summed(read.days, inside)
    plan, settings = _plan(), _settings()
    return Oversight(
        account=asked.account,
        first=first,
        last=last,
        grain=asked.grain,
        made_at=now,
        uncounted=0,
        target=playbook.targets.answered if playbook.targets else settings["targets"]["answered"],
        total=by_day.flow(total, by_day.summed(read.days, (day for day in inside if day <= ripe))),
        chasers=Share.made(total.get("chaser", 0), total.get("received", 0)),
        periods=by_day.periods(read.days, first, last, asked.grain, ripe),
        **_slices(read, playbook),
        routing=_routing(total),
        accuracy=by_day.accuracy(read.days, first, last),
        to_claim=by_day.waiting(read.waits["to_claim"]),
        to_sent=by_day.waiting(read.waits["to_sent"]),
        drafts=by_day.drafts(total),
        costs=by_day.costs(read.days, first, last),
        daily_budget_usd=budget,
        backlog=backlog(read, first, last, day_of(now), plan),
        use=_use(read, asked.account, first),
        reuse=site_reuse(read.taken, read.teams, asked.account, settings["reuse"]["least_people"]),
    )


def _slices(read: Read, playbook: Playbook) -> dict[str, tuple[Slice, ...]]:
    labels = {queue.id: queue.label for queue in playbook.queues}
    levels = {queue.id: str(queue.level) for queue in playbook.queues}
    names = {team: name for team, (name, _) in read.team_names.items()}
    sites = {team: site for team, (_, site) in read.team_names.items()}
    return {
        "channels": _sliced(read, "channel", str, str),
        "queues": _sliced(read, "queue", str, lambda queue: labels.get(queue, queue)),
        "levels": _sliced(read, "queue", lambda queue: levels.get(queue, "1"), str),
        "sites": _sliced(read, "team", lambda team: sites.get(team, ""), str),
        "teams": _sliced(read, "team", str, lambda team: names.get(team, team)),
    }


def _sliced(read: Read, kind: str, group: Callable[[str], str], label: Callable[[str], str]) -> tuple[Slice, ...]:
    """By label, alphabetically: what has none comes last."""
    flows: dict[str, Flow] = {}
    all_, ripe = (_grouped(amounts.get(kind, {}), group) for amounts in (read.along, read.ripe))
    for value, amounts in all_.items():
        flows[value] = by_day.flow(amounts, ripe.get(value, {}))
    found = [Slice(value=value, label=label(value), flow=one) for value, one in flows.items()]
    told = [one for one in found if one.flow.received or one.flow.handled]
    return tuple(sorted(told, key=lambda one: (not one.value, one.label.casefold())))


def _grouped(amounts: Mapping[str, Mapping[str, float]], group: Callable[[str], str]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for value, names in amounts.items():
        mine = found.setdefault(group(value), defaultdict(float))
        for name, amount in names.items():
            mine[name] += amount
    return found


def _routing(total: by_day.Amounts) -> Routing:
    routed, wrong = total.get("routed", 0), total.get("routed_wrong", 0)
    reviewed = total.get("routed_right", 0) + wrong
    triaged = routed + total.get("abstained", 0)
    return Routing(
        triaged=round(triaged),
        routed=Share.made(routed, triaged),
        error=by_day.measured(wrong, reviewed),
        unreviewed=round(routed - reviewed),
    )


def _use(read: Read, account: str, first: date) -> tuple[TeamUse, ...]:
    """By name."""
    since = datetime.combine(first, time(), PARIS).astimezone(UTC)
    return tuple(_used(team, read, since) for team in read.teams if team.serves(account))


def _used(team: Team, read: Read, since: datetime) -> TeamUse:
    did = read.along.get("team", {}).get(team.id, {})
    moments = (read.signed_in.get(name) for name in team.members)
    made = {verdict: did.get(f"draft_{verdict}", 0) for verdict in ("kept", "edited", "rewritten")}
    return TeamUse(
        team=team.name,
        site=team.site,
        members=len(team.members),
        signed_in=sum(1 for at in moments if at is not None and at >= since),
        handled=round(did.get("handled", 0)),
        from_draft=Share.made(made["kept"] + made["edited"], sum(made.values())),
    )


def _plan() -> Plan:
    return Plan(**_settings()["forecast"])


@cache
def _settings() -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(PROMPTS / "oversight.yaml")
    return found
