"""The page of teams: what each can answer, when it is open, who is of it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.responses import Response

from service.desk.clock import utc_now
from service.desk.people.team_hours import opens
from service.domain.situation import DAYS
from service.domain.team import LEVELS, Team, TeamPlan
from service.errors import AiguilleurError, ConflictError, MissingError, RefusedError
from service.web.board import playbooks_of
from service.web.guard import desk_of
from service.web.pages import away, page, words_of
from service.web.preferences import person_of

router = APIRouter(prefix="/teams")

Text = Annotated[str, Form()]
BLANK: dict[str, Any] = {"levels": ["1"], "timezone": "Europe/Paris", "holidays": "FR"}
"""What the form for a new team begins with."""


async def _form(request: Request) -> FormData:
    return await request.form()


Sent = Annotated[FormData, Depends(_form)]


@router.get("")
async def teams(request: Request) -> Response:
    return await _page(request)


@router.post("")
async def add(request: Request, sent: Sent) -> Response:
    desk, person, members = desk_of(request).workbench.teams, person_of(request), _many(sent, "members")
    return await _done(request, sent, lambda plan: desk.add(plan, person.name, members, person.accounts), typed_for="")


@router.post("/change")
async def change(request: Request, sent: Sent) -> Response:
    """What a team is for, and who is of it."""
    desk, person, team = desk_of(request).workbench.teams, person_of(request), _one(sent, "team")
    members = _many(sent, "members")
    return await _done(
        request, sent, lambda plan: desk.change(team, plan, person.name, members, person.accounts), typed_for=team
    )


@router.post("/remove")
async def remove(request: Request, team: Text = "") -> Response:
    person = person_of(request)
    await desk_of(request).workbench.teams.remove(team, person.name, person.accounts)
    return away("/teams", "team_removed")


async def _done(request: Request, sent: FormData, verb: Callable[[TeamPlan], Any], typed_for: str) -> Response:
    """What could not be taken is given back, with the reason in words."""
    words = words_of(request)
    try:
        await verb(plan_of(sent))
    except ValidationError as error:
        fields = dict.fromkeys(str(mistake["loc"][0]) for mistake in error.errors())
        told = [words.maybe(f"teams.wrong.{field}", words("problem.refused")) for field in fields]
        return await _page(request, 422, told, typed_for, _typed(sent))
    except (RefusedError, ConflictError, MissingError) as error:
        return await _page(request, _status(error), words.refusal(error), typed_for, _typed(sent))
    return away("/teams", "team")


def _status(error: AiguilleurError) -> int:
    return 404 if isinstance(error, MissingError) else 422


def plan_of(sent: Mapping[str, Any]) -> TeamPlan:
    """Raises ValidationError, whose mistakes are named by the field."""
    hours = {day: _split(_one(sent, f"hours_{day}")) for day in DAYS}
    accounts = _many(sent, "accounts")
    return TeamPlan.model_validate(
        {
            "name": _one(sent, "name"),
            "site": _one(sent, "site"),
            "accounts": accounts or None,
            "levels": sorted(int(level) for level in _many(sent, "levels") if level in map(str, LEVELS)),
            "languages": [name.lower() for name in _split(_one(sent, "languages"))],
            "queues": _many(sent, "queues"),
            "hours": {day: told for day, told in hours.items() if told},
            "timezone": _one(sent, "timezone") or "Europe/Paris",
            "holidays": "FR" if _one(sent, "holidays") == "FR" else "none",
            "closed": _split(_one(sent, "closed")),
        }
    )


def written(team: Team) -> dict[str, Any]:
    """A team as its form shows it."""
    hours = {f"hours_{day}": " ".join(team.hours.get(day, ())) for day in DAYS}
    return hours | {
        "name": team.name,
        "site": team.site,
        "accounts": list(team.accounts or ()),
        "levels": [str(level) for level in team.levels],
        "languages": " ".join(team.languages),
        "queues": list(team.queues),
        "timezone": team.timezone,
        "holidays": team.holidays,
        "closed": " ".join(day.isoformat() for day in team.closed),
        "members": list(team.members),
    }


def _typed(sent: FormData) -> dict[str, Any]:
    many = {"accounts", "levels", "queues", "members"}
    return {name: _many(sent, name) if name in many else _one(sent, name) for name in {*sent.keys(), *many}}


def _one(sent: Mapping[str, Any], name: str) -> str:
    value = sent.get(name, "")
    return value if isinstance(value, str) else ""


def _many(sent: Any, name: str) -> list[str]:
    return [value for value in sent.getlist(name) if isinstance(value, str) and value]


def _split(text: str) -> list[str]:
    """By spaces, commas and semicolons, as people write lists."""
    return text.replace(",", " ").replace(";", " ").split()


async def _page(
    request: Request,
    status: int = 200,
    told: list[str] | None = None,
    typed_for: str | None = None,
    typed: dict[str, Any] | None = None,
) -> Response:
    """`typed` goes back into the form of the team `typed_for`; "" is the new one."""
    desk, person = desk_of(request), person_of(request)
    found, now = await desk.workbench.teams.list(person.accounts), utc_now()
    playbooks = await playbooks_of(desk, person)
    everybody = [one.name for one in await desk.workbench.people.list() if one.disabled_at is None]
    shown: dict[str, Any] = {
        "teams": [(team, _opening(team, now), written(team)) for team in found],
        "stranded": await _stranded(request),
        "playbooks": playbooks,
        "everybody": everybody,
        "days": DAYS,
        "all_levels": LEVELS,
        "blank": BLANK,
    }
    return page(request, "teams.html", status, told=told or [], typed_for=typed_for, typed=typed or {}, **shown)


def _opening(team: Team, now: datetime) -> tuple[bool, datetime | None]:
    """Whether it is open, and when it opens next."""
    at = opens(team, now)
    return at == now, at


async def _stranded(request: Request) -> int:
    desk, person = desk_of(request), person_of(request)
    competence = await desk.workbench.teams.competence(person)
    return (await desk.workbench.board.standing(person.accounts, None, competence.every)).stranded
