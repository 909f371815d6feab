"""The page of figures, for those who lead; and the same figures as a file for a spreadsheet."""

import math
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from service.desk.oversight.days import by_week
from service.desk.oversight.report import Asked
from service.desk.oversight.rows import COLUMNS, of_item, rows
from service.desk.spreadsheet import line_of
from service.domain.oversight import DayCost, Oversight, Slice, WeekAccuracy
from service.domain.reuse import PersonReuse
from service.errors import FieldProblem, RefusedError
from service.web.account import seen_accounts
from service.web.charts import Chart, Series, columns, lines
from service.web.guard import desk_of
from service.web.numbers import Numbers
from service.web.pages import allowed, page, words_of
from service.web.preferences import person_of

router = APIRouter()

MOST_BY_DAY = 190
"""Half a year: what is longer is shown by week, as no screen holds so many columns, nor a page so many rows."""
AHEAD_OF = 30
"""Days of the backlog that stand before its forecast, at the most."""


class Wanted(BaseModel):
    """The form's fields; empty ones ask for nothing."""

    model_config = ConfigDict(extra="ignore")

    account: str = ""
    since: str = ""
    until: str = ""
    grain: Literal["day", "week"] = "day"

    def fields(self) -> dict[str, str]:
        return {name: value for name, value in self.model_dump().items() if value}


@router.get("/oversight")
async def oversight(request: Request, wanted: Annotated[Wanted, Query()]) -> Response:
    accounts = await seen_accounts(request)
    if not accounts:
        return page(request, "oversight.html", report=None, accounts=accounts, wanted=wanted, told=[])
    words = words_of(request)
    try:
        report = await _report(request, wanted, accounts)
        if report.grain == "day" and (report.last - report.first).days > MOST_BY_DAY:
            wanted = wanted.model_copy(update={"grain": "week"})
            report = await _report(request, wanted, accounts)
    except RefusedError as error:
        told = words.refusal(error)
        return page(request, "oversight.html", 422, report=None, accounts=accounts, wanted=wanted, told=told)
    return page(
        request,
        "oversight.html",
        report=report,
        people=await _people(request, report),
        accounts=accounts,
        wanted=wanted,
        told=[],
        **_drawn(report, Numbers(words)),
    )


@router.get("/oversight.csv")
async def export(request: Request, wanted: Annotated[Wanted, Query()]) -> Response:
    report = await _report(request, wanted, await seen_accounts(request))
    headers = {"Content-Disposition": f'attachment; filename="oversight-{report.first}-{report.last}.csv"'}
    told = "".join(_lines(report, await _people(request, report)))
    return Response(told, media_type="text/csv; charset=utf-8", headers=headers)


async def _people(request: Request, report: Oversight) -> Sequence[PersonReuse]:
    """What others took up of the people of one's own teams: for a lead, and nobody else."""
    if not allowed(request, "read_own_people"):
        return ()
    reusing = desk_of(request).workbench.reusing
    return await reusing.of_team(person_of(request), report.account, report.first, report.last)


async def _report(request: Request, wanted: Wanted, accounts: Sequence[str]) -> Oversight:
    """Of the account that is asked for, or the first that this person sees. Raises RefusedError."""
    if not accounts or (wanted.account and wanted.account not in accounts):
        raise RefusedError("There is no such account.", (FieldProblem("account", "", "no_such_account"),))
    asked = Asked(wanted.account or accounts[0], _day(wanted.since), _day(wanted.until), wanted.grain)
    return await desk_of(request).workbench.overseeing.report(asked)


def _day(text: str) -> date | None:
    """Raises RefusedError."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise RefusedError("That is no day.", (FieldProblem("from", "", "no_such_days"),)) from error


def _lines(report: Oversight, people: Sequence[PersonReuse]) -> Iterator[str]:
    yield "\ufeff" + line_of(COLUMNS)
    told = chain(rows(report), *(of_item("people", one.model_dump()) for one in people))
    yield from map(line_of, told)


def _drawn(report: Oversight, say: Numbers) -> dict[str, Any]:
    """The charts, and how the page writes numbers."""
    tables: dict[str, tuple[Slice, ...]] = {
        name: getattr(report, name) for name in ("channels", "queues", "levels", "sites", "teams")
    }
    costs = by_week(report.costs) if report.grain == "week" else report.costs
    return {
        "tables": tables,
        "costs": costs,
        "flow_chart": _flow(report, say),
        "accuracy_chart": _accuracy(report.accuracy, say),
        "backlog_chart": _backlog(report, say),
        "cost_chart": _costs(costs, report.daily_budget_usd if report.grain == "day" else None, say),
        "say": say,
        "percent": say.percent,
        "number": say.number,
    }


def _flow(report: Oversight, say: Numbers) -> Chart:
    names = [say.short(one.start) for one in report.periods]
    received = Series("received", [one.flow.received for one in report.periods])
    handled = Series("handled", [one.flow.handled for one in report.periods])
    return columns(names, (received, handled), say.number)


def _accuracy(weeks: Sequence[WeekAccuracy], say: Numbers) -> Chart | None:
    if not weeks:
        return None
    names = [say.short(one.start) for one in weeks]
    told = [one.guessed for one in weeks]
    band = [(one.low, one.high) if one.low is not None and one.high is not None else None for one in told]
    series = (Series("guessed", [one.share for one in told]), Series("routed", [one.routed.share for one in weeks]))
    lowest = min(one.low for one in told if one.low is not None)
    return lines(names, series, say.percent, band, between=(math.floor(10 * lowest) / 10, 1.0))


def _backlog(report: Oversight, say: Numbers) -> Chart:
    """What was, and where it is known what is to come, that too."""
    known = report.backlog.days[-AHEAD_OF:] if report.backlog.backlog_ahead else report.backlog.days
    told = report.backlog.backlog_ahead
    since = known[-1].day if known else report.last
    ahead = [one for one in told.days if one.day > since] if told else []
    names = [say.short(day) for day in (*(one.day for one in known), *(one.day for one in ahead))]
    was = Series("backlog", [*(one.amount for one in known), *(None for _ in ahead)])
    will = Series("ahead", [*(None for _ in known), *(one.amount for one in ahead)])
    margin = [*(None for _ in known), *((one.low, one.high) for one in ahead)]
    return lines(names, (was, will), say.number, margin)


def _costs(costs: Sequence[DayCost], daily_budget_usd: float | None, say: Numbers) -> Chart | None:
    if not costs:
        return None
    names = [say.short(one.day) for one in costs]
    return columns(names, (Series("cost", [one.cost_usd for one in costs]),), say.dollars, daily_budget_usd)
