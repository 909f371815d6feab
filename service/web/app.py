"""The workbench: pages for advisors, leads, quality and admins."""

from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute

from service.faults import Faults
from service.web import (
    answers,
    answers_proposals,
    assets,
    audit,
    audits,
    board,
    calls,
    claiming,
    corrections,
    digests,
    drafting,
    editing,
    editions,
    keyboard,
    levels,
    message,
    oversight,
    people,
    playbooks,
    preferences,
    quality,
    sign_in,
    teams,
    trials,
)
from service.web.failures import add_failure_pages, unforeseen
from service.web.guard import guard
from service.web.headers import Headers
from service.web.visit import Visits
from service.wiring import Desk

DOORS = (
    answers_proposals,
    answers,
    corrections,
    quality,
    audits,
    assets,
    keyboard,
    sign_in,
    preferences,
    people,
    audit,
    board,
    message,
    drafting,
    editing,
    calls,
    claiming,
    levels,
    oversight,
    digests,
    teams,
    playbooks,
    editions,
    trials,
)


def routes() -> list[tuple[str, str]]:
    """Method and path of every page and every button."""
    found = [route for door in DOORS for route in door.router.routes if isinstance(route, APIRoute)]
    return [(method, route.path) for route in found for method in sorted(route.methods or ())]


def create_web(desk: Desk) -> FastAPI:
    """The pages over a desk. Whoever serves them starts the desk's background work."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, dependencies=[Depends(guard)])
    app.state.desk = desk
    app.add_middleware(Visits, desk=desk)
    app.add_middleware(Faults, answer=unforeseen)
    app.add_middleware(Headers)
    add_failure_pages(app)
    for door in DOORS:
        app.include_router(door.router)
    return app
