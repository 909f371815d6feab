"""The doors of one server: the API for programs, the workbench for people, over one desk."""

from fastapi import FastAPI
from starlette.requests import Request
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from service.api.app import create_app
from service.api.limits import BodyLimit
from service.domain.limits import MAX_REQUEST_BYTES
from service.traced import Traced
from service.web.app import create_web, routes
from service.wiring import Desk


def create_doors(desk: Desk) -> ASGIApp:
    """What a server serves. It starts the desk's background work and stops it."""
    return Traced(Doors(create_app(desk), create_web(desk)), desk.tracing)


class Doors:
    """ASGI: tells by the path whom a request is for. Where nobody knows the path, a browser gets a page and a
    program a problem document."""

    def __init__(self, api: FastAPI, web: FastAPI) -> None:
        self._api = api
        self._web = BodyLimit(web, MAX_REQUEST_BYTES)
        self._pages = {_first_part(path) for _, path in routes()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        door = self._web if scope["type"] == "http" and self._is_page(scope) else self._api
        await door(scope, receive, send)

    def _is_page(self, scope: Scope) -> bool:
        if _first_part(scope["path"]) in self._pages:
            return True
        return "text/html" in Request(scope).headers.get("accept", "") and not self._is_for_api(scope)

    def _is_for_api(self, scope: Scope) -> bool:
        return any(route.matches(scope)[0] is not Match.NONE for route in self._api.router.routes)


def _first_part(path: str) -> str:
    return path.removeprefix("/").split("/")[0]
