"""Taking messages and giving them back, and the next one with one key."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from service.errors import ConflictError
from service.web.board import Filters
from service.web.guard import desk_of
from service.web.pages import away
from service.web.preferences import person_of

router = APIRouter()


@router.post("/next")
async def take_next(request: Request, filters: Annotated[Filters, Form()]) -> Response:
    """Opens the message that is due first of what the desk showed; back to the desk where nobody is waited for."""
    person, workbench = person_of(request), desk_of(request).workbench
    look = filters.look(person, await workbench.teams.competence(person))
    case = await workbench.claiming.take_next(look, person.name)
    return away(f"/messages/{case.id}", "claimed") if case else away(filters.address(), "none_free")


@router.post("/messages/{message_id}/claim")
async def claim(request: Request, message_id: str) -> Response:
    """Where somebody was faster, the message's page tells who."""
    person = person_of(request)
    try:
        await desk_of(request).workbench.claiming.claim(message_id, person.name, person.accounts)
    except ConflictError:
        return away(f"/messages/{message_id}")
    return away(f"/messages/{message_id}", "claimed")


@router.post("/messages/{message_id}/release")
async def release(request: Request, message_id: str) -> Response:
    person = person_of(request)
    await desk_of(request).workbench.claiming.release(message_id, person.name, person.accounts)
    return away(f"/messages/{message_id}", "released")


@router.post("/messages/{message_id}/free")
async def free(request: Request, message_id: str) -> Response:
    """Gives back what somebody else has."""
    person = person_of(request)
    await desk_of(request).workbench.claiming.release(message_id, person.name, person.accounts, of_others=True)
    return away(f"/messages/{message_id}", "released")
