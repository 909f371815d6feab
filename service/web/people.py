"""The admin's page of people: who may sign in, as what, for which accounts."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from service.domain.person import ROLES, Role
from service.errors import ConflictError, RefusedError
from service.web.guard import desk_of
from service.web.pages import away, page, words_of
from service.web.preferences import person_of

router = APIRouter(prefix="/people")

Text = Annotated[str, Form()]
Chosen = Annotated[list[str] | None, Form()]


@router.get("")
async def people(request: Request) -> Response:
    return await _page(request)


@router.post("")
async def add(
    request: Request, name: Text = "", role: Annotated[Role, Form()] = "advisor", account: Chosen = None
) -> Response:
    workbench, by = desk_of(request).workbench, person_of(request).name
    try:
        person = await workbench.people.add(name, role, by, account or None)
    except (RefusedError, ConflictError) as error:
        return await _page(request, 422, told=words_of(request).refusal(error), typed=name)
    return await _link_page(request, person.name)


@router.post("/role")
async def give_role(request: Request, name: Text, role: Annotated[Role, Form()]) -> Response:
    await desk_of(request).workbench.people.give_role(name, role, person_of(request).name)
    return away("/people", "person")


@router.post("/accounts")
async def limit(request: Request, name: Text = "", account: Chosen = None) -> Response:
    await desk_of(request).workbench.people.limit(name, account or None, person_of(request).name)
    return away("/people", "person")


@router.post("/disable")
async def disable(request: Request, name: Text = "") -> Response:
    await desk_of(request).workbench.people.disable(name, person_of(request).name)
    return away("/people", "person")


@router.post("/enable")
async def enable(request: Request, name: Text = "") -> Response:
    await desk_of(request).workbench.people.enable(name, person_of(request).name)
    return away("/people", "person")


@router.post("/link")
async def link(request: Request, name: Text = "") -> Response:
    return await _link_page(request, name)


async def _link_page(request: Request, name: str) -> Response:
    """The link is shown this once: in no address, and in no list."""
    desk = desk_of(request)
    secret = await desk.workbench.links.for_password(name, person_of(request).name)
    public = desk.settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")
    return await _page(request, link=f"{public}/link/{secret}", link_for=name)


async def _page(
    request: Request,
    status: int = 200,
    told: list[str] | None = None,
    typed: str = "",
    link: str = "",
    link_for: str = "",
) -> Response:
    desk = desk_of(request)
    shown = {"people": await desk.workbench.people.list(), "accounts": await desk.accounts.list(), "roles": ROLES}
    made = {"link": link, "link_for": link_for, "typed": typed, "told": told or []}
    return page(request, "people.html", status, **shown, **made)
