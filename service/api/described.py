"""The OpenAPI document: FastAPI's, and in it what is read, refused and told without its help."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel

from service.api.bodies import schemas
from service.api.examples import ANSWERS, RESULTS
from service.api.problems import CONTENT_TYPE, TITLES

PROBLEMS = frozenset(map(str, TITLES))
"""Statuses that come with a problem document."""

WITH_A_KEY = frozenset({"401", "403", "429"})
"""What is answered only where a key is asked for."""

LATER = {"Retry-After": {"description": "seconds to wait", "schema": {"type": "integer", "minimum": 1}}}

SHARED = {
    "account": "may be left out where there is one, or where the key is bound to one",
    "cursor": "`next_cursor` of the page before",
    "limit": "items of a page, at most",
    "by": "who says so",
}
"""What a parameter of that name means in every call that does not say it."""


def operation_id(route: APIRoute) -> str:
    """`put_message_queue` for `PUT /v1/messages/{message_id}/queue`: what generated clients call their functions."""
    (method,) = route.methods or {"GET"}
    parts = route.path_format.removeprefix("/v1").strip("/").split("/")
    names = [part.removesuffix("s") if after.startswith("{") else part for part, after in pairwise([*parts, ""])]
    words = [method.lower(), *(name for name in names if not name.startswith("{"))]
    return re.sub(r"\W", "_", "_".join(words))


def described(app: FastAPI, bodies: Sequence[type[BaseModel]]) -> dict[str, Any]:
    """Made once. `bodies`: what is read from the raw bytes of a request."""
    if app.openapi_schema is not None:
        return app.openapi_schema
    document = FastAPI.openapi(app)
    known = document["components"]["schemas"]
    for answered in known.values():
        if "properties" in answered:
            answered["required"] = list(answered["properties"])  # each is always there, if only as null
    known["Problem"]["examples"] = [RESULTS["problem"]]
    known |= schemas(bodies)
    for path, verbs in document["paths"].items():
        for method, verb in verbs.items():
            _refusals(verb)
            _asked(verb)
            if (method, path) in ANSWERS:
                _told(verb)["example"] = ANSWERS[method, path]  # not before: FastAPI drops each null of an example
    return document


def _asked(verb: dict[str, Any]) -> None:
    """An address and a header hold words: a parameter is left out, and never null, as FastAPI has it."""
    for parameter in verb.get("parameters", ()):
        schema = parameter["schema"]
        if kinds := [kind for kind in schema.pop("anyOf", ()) if kind != {"type": "null"}]:
            schema |= kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
        if parameter["name"] in SHARED:
            parameter.setdefault("description", SHARED[parameter["name"]])


def _refusals(verb: dict[str, Any]) -> None:
    answers = verb["responses"]
    for status in WITH_A_KEY & answers.keys() if "security" not in verb else ():
        del answers[status]
    for status in answers.keys() & PROBLEMS:
        content = answers[status]["content"]
        content[CONTENT_TYPE] = content.pop("application/json")
    for status in answers.keys() & {"429", "503"}:
        answers[status]["headers"] = LATER


def _told(verb: dict[str, Any]) -> dict[str, Any]:
    done = next(answer for status, answer in verb["responses"].items() if status.startswith("2"))
    told: dict[str, Any] = done["content"]["application/json"]
    return told
