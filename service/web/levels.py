"""A message given to the next level, or handed back; who can answer it, and from when."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from service.desk.people.teams import Answerable
from service.domain.case import Case
from service.domain.team import LEVELS, Escalation
from service.errors import ConflictError, FieldProblem, RefusedError
from service.web.guard import desk_of
from service.web.pages import away
from service.web.preferences import person_of
from service.wiring import Desk

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands: its level, the lowest that it may be handed back to, and who can answer it there."""

    level: int
    own: int
    answerable: Answerable
    history: tuple[Escalation, ...]

    @property
    def next(self) -> int | None:
        return self.level + 1 if self.level < LEVELS[-1] else None

    @property
    def previous(self) -> int | None:
        return self.level - 1 if self.level > self.own else None


async def place_of(desk: Desk, case: Case) -> Place:
    level, own = await desk.workbench.levels.level(case)
    answerable = await desk.workbench.teams.answerable(case)
    return Place(level, own, answerable, tuple(await desk.workbench.levels.history(case.id)))


@router.post("/messages/{message_id}/level")
async def move(
    request: Request, message_id: str, level: Annotated[str, Form()] = "", comment: Annotated[str, Form()] = ""
) -> Response:
    if level not in map(str, LEVELS):
        raise RefusedError("There is no such level.", (FieldProblem("level", "give 1 to 3", "no_such_level"),))
    person, levels = person_of(request), desk_of(request).workbench.levels
    try:
        await levels.move(message_id, int(level), person.name, comment, person.accounts)
    except ConflictError:
        return away(f"/messages/{message_id}")
    return away(f"/messages/{message_id}", "moved")
