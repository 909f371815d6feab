"""Teams: which messages they can answer, and when; and the level that a message is of."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response, status
from pydantic import AwareDatetime, Field, StringConstraints

from service.api.access import ForAdmin, ForReview, TheDesk
from service.api.bodies import as_json, body_of, body_schema
from service.api.examples import LEVEL, TEAM
from service.api.messages import MISSING, Person, Reference
from service.api.problems import Problem
from service.desk.clock import utc_now
from service.desk.people.team_hours import opens
from service.domain.access import Key
from service.domain.case import Case
from service.domain.limits import MAX_ID_CHARS, MAX_VALUE_CHARS
from service.domain.team import Level, Team, TeamPlan
from service.domain.value import Value

router = APIRouter(prefix="/v1", tags=["teams"])

TeamId = Annotated[str, Path(max_length=MAX_ID_CHARS, description="the id that the list shows")]
NO_TEAM: dict[int | str, dict[str, object]] = {404: {"model": Problem, "description": "no such team, or person"}}
TAKEN: dict[int | str, dict[str, object]] = {409: {"model": Problem, "description": "a team has that name"}}


class TeamWanted(TeamPlan):
    """A team's plan, and its people by name."""

    members: Annotated[tuple[Person, ...], Field(strict=False)] = ()

    @property
    def plan(self) -> TeamPlan:
        return TeamPlan(**{name: getattr(self, name) for name in TeamPlan.model_fields})


class TeamEntry(Value):
    """`opens_at`: when it opens next, None where it stays closed for two months and more."""

    team: Team
    open: bool
    opens_at: AwareDatetime | None


class TeamList(Value):
    """By name. Without any, everybody can answer everything."""

    items: tuple[TeamEntry, ...]


class LevelWanted(Value):
    """The level that the message is given to, by whom and why."""

    level: Level
    by: Person
    comment: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_VALUE_CHARS)]


@router.get("/teams", response_model=TeamList, summary="Teams, what they can answer and whether they are open")
async def listed(key: ForReview, desk: TheDesk) -> Response:
    return as_json(TeamList(items=tuple(map(_entry, await desk.workbench.teams.list(_only(key))))))


@router.post(
    "/teams",
    status_code=status.HTTP_201_CREATED,
    response_model=TeamEntry,
    responses={**NO_TEAM, **TAKEN},
    openapi_extra=body_schema(TeamWanted, TEAM),
    summary="Make a team",
)
async def add(key: ForAdmin, desk: TheDesk, wanted: Annotated[TeamWanted, Depends(body_of(TeamWanted))]) -> Response:
    """From then on, a desk shows people what their teams can answer, and what no team can is marked for leads."""
    made = await desk.workbench.teams.add(wanted.plan, key.name, wanted.members, _only(key))
    return Response(_entry(made).model_dump_json(), status.HTTP_201_CREATED, media_type="application/json")


@router.put(
    "/teams/{team_id}",
    response_model=TeamEntry,
    responses={**NO_TEAM, **TAKEN},
    openapi_extra=body_schema(TeamWanted, TEAM),
    summary="Change a team: its plan and its people, whole",
)
async def change(
    key: ForAdmin, desk: TheDesk, team_id: TeamId, wanted: Annotated[TeamWanted, Depends(body_of(TeamWanted))]
) -> Response:
    changed = await desk.workbench.teams.change(team_id, wanted.plan, key.name, wanted.members, _only(key))
    return as_json(_entry(changed))


@router.delete(
    "/teams/{team_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
    responses=NO_TEAM,
    summary="Remove a team; what it did stays in the figures",
)
async def remove(key: ForAdmin, desk: TheDesk, team_id: TeamId) -> Response:
    await desk.workbench.teams.remove(team_id, key.name, _only(key))
    return Response(status_code=status.HTTP_204_NO_CONTENT)


@router.put(
    "/messages/{message_id}/level",
    response_model=Case,
    responses={**MISSING, 409: {"model": Problem, "description": "the message is answered, or not triaged yet"}},
    openapi_extra=body_schema(LevelWanted, LEVEL),
    summary="Give a message to another level, up or back down",
    tags=["messages"],
)
async def level(
    key: ForReview,
    desk: TheDesk,
    message_id: Reference,
    wanted: Annotated[LevelWanted, Depends(body_of(LevelWanted))],
) -> Response:
    """Never below the level of its queue. Nobody has the message any more: it waits for a team of that level."""
    levels = desk.workbench.levels
    return as_json(await levels.move(message_id, wanted.level, wanted.by, wanted.comment, _only(key)))


def _entry(team: Team) -> TeamEntry:
    now = utc_now()
    at = opens(team, now)
    return TeamEntry(team=team, open=at == now, opens_at=at)


def _only(key: Key) -> tuple[str, ...] | None:
    return None if key.account is None else (key.account,)
