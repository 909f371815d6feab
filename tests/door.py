"""The API as its callers see it, with a key of each scope, over a desk that a test may also ask directly."""

import asyncio
import gc
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from service.domain.access import Scope
from service.doors import create_doors
from service.settings import Settings
from service.wiring import Desk, open_desk

PROBLEM = "application/problem+json"


@dataclass
class Door:
    client: TestClient
    desk: Desk
    secrets: dict[str, str] = field(default_factory=dict)

    def key(self, scope: Scope = "admin", account: str | None = None) -> str:
        """The secret of a key of that scope, made when it is first asked for."""
        name = f"{scope} {account}"
        if name not in self.secrets:
            self.secrets[name] = asyncio.run(self.desk.keys.create(name, scope, account, by="test"))[1]
        return self.secrets[name]

    def call(
        self, method: str, path: str, scope: Scope = "admin", account: str | None = None, **given: Any
    ) -> Response:
        headers = {"Authorization": f"Bearer {self.key(scope, account)}"} | given.pop("headers", {})
        return self.client.request(method, path, headers=headers, **given)

    def get(self, path: str, **given: Any) -> Response:
        return self.call("GET", path, **given)

    def put(self, path: str, body: object, **given: Any) -> Response:
        return self.call("PUT", path, json=body, **given)

    def post(self, path: str, body: object, **given: Any) -> Response:
        """`body` as JSON, whatever it is: also what a careful client would not send."""
        content = body if isinstance(body, bytes | str) else json.dumps(body)
        return self.call("POST", path, content=content, **given)

    def triage(self, **message: Any) -> dict[str, Any]:
        """The Triage of a message that is fine."""
        response = self.post("/v1/triage", message)
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found


def problem_of(response: Response, status: int) -> dict[str, Any]:
    """The problem document of a refusal, which is checked to be a whole one."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == PROBLEM
    document: dict[str, Any] = response.json()
    assert document["status"] == status
    assert {"type", "title", "status", "detail", "errors"} == document.keys()
    assert all(document[name] for name in ("type", "title", "detail"))
    return document


def fields_of(response: Response, status: int = 422) -> list[str]:
    """The fields that a refusal names, each with a message."""
    errors = problem_of(response, status)["errors"]
    assert errors
    assert all(one["message"] for one in errors)
    return [one["field"] for one in errors]


@contextmanager
def open_door(settings: Settings, *, index: bool = False) -> Iterator[Door]:
    """The app with its background work running. Without the index, nothing of Chroma is loaded."""
    desk = open_desk(settings, index=index)
    with TestClient(create_doors(desk), raise_server_exceptions=False) as client:
        yield Door(client, desk)
    Closed.count += 1
    if Closed.count >= KEPT:
        let_go()


KEPT = 8
"""Closed desks that memory holds at most: looking for them takes a quarter of a second."""


class Closed:
    """Desks that were closed and may be in memory still."""

    count = 0


def let_go() -> None:
    """Frees closed desks. A desk that is served tells Python's collector that what is there by then stays, which holds
    for a process that serves once; FastAPI remembers the routes of each app that there ever was, and so its desk."""
    if not Closed.count:
        return
    Closed.count = 0
    module = sys.modules.get("fastapi.dependencies.models")
    for kept in list(vars(module).values()) if module else ():
        if hasattr(kept, "cache_clear"):
            kept.cache_clear()
    gc.unfreeze()
    gc.collect()
