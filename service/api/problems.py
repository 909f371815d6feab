"""RFC 9457 problem documents: each family of errors is translated here, once."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.types import Scope

from service.errors import AiguilleurError, BusyError, FieldProblem, RefusedError, UnavailableError
from service.faults import status_of

CONTENT_TYPE = "application/problem+json"
UNFORESEEN = "This is a mistake of ours, and it is in the log. A message that had been accepted is not lost."
TITLES = {
    400: "The request cannot be read",
    401: "A key is needed",
    403: "The key does not allow this",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "The request is too large",
    415: "Unsupported content type",
    422: "The input is wrong",
    429: "Too many requests",
    500: "Something went wrong here",
    503: "Not available now",
}
PLACES = ("query", "path", "header")
SHOWN_INPUT = 80
MOST_SHOWN = 20
"""Mistakes named in one refusal: enough to mend a client, not enough to be a load."""


class FieldError(BaseModel):
    field: str
    message: str


class Problem(BaseModel):
    """What every error looks like."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError] = []


class Problematic(Exception):  # noqa: N818 - named for the document that it becomes
    """Ends a request with a problem document of its own status."""

    def __init__(self, status: int, detail: str, at: FieldProblem, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.at = at
        self.headers = headers


def problem(
    status: int, detail: str, problems: tuple[FieldProblem, ...] = (), headers: dict[str, str] | None = None
) -> JSONResponse:
    body = Problem(
        type=f"urn:aiguilleur:problem:{status}",
        title=TITLES.get(status, "Error"),
        status=status,
        detail=detail,
        errors=[FieldError(field=p.field, message=p.message) for p in problems],
    )
    return JSONResponse(body.model_dump(), status, headers=headers, media_type=CONTENT_TYPE)


def unforeseen(_scope: Scope, _error: Exception) -> JSONResponse:
    return problem(500, UNFORESEEN)


def field_problems(error: ValidationError | RequestValidationError) -> tuple[FieldProblem, ...]:
    """The first mistakes of a validation by the name of their fields, such as `thread.0.direction`."""
    return tuple(FieldProblem(_field(mistake["loc"]), _message(mistake)) for mistake in error.errors()[:MOST_SHOWN])


def refused(error: ValidationError) -> RefusedError:
    problems = field_problems(error)
    fields = ", ".join(p.field for p in problems[:5])
    return RefusedError(f"{error.error_count()} field(s) are wrong: {fields}.", problems)


def _field(location: tuple[Any, ...]) -> str:
    """Without where FastAPI looked for it, and without pydantic's mark of a mistake in a key."""
    within = location[1:] if len(location) > 1 and location[0] in PLACES else location
    parts = [str(part)[:SHOWN_INPUT] for part in within if part != "[key]"]
    return ".".join(parts) or "body"


def _message(mistake: Any) -> str:
    if mistake["type"] == "extra_forbidden":
        return "This field is not known; remove it or see /docs for the names."
    given = mistake.get("input")
    shown = f" (given: {str(given)[:SHOWN_INPUT]!r})" if isinstance(given, str | int | float | bool) else ""
    return f"{mistake['msg']}{shown}"


def add_problem_handlers(app: FastAPI) -> None:
    app.add_exception_handler(AiguilleurError, _ours)
    app.add_exception_handler(Problematic, _own)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


async def _ours(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AiguilleurError)  # noqa: S101 - registered for this family only
    return problem_of(error)


def problem_of(error: AiguilleurError) -> JSONResponse:
    status = 429 if isinstance(error, BusyError) else status_of(error)
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, UnavailableError) else None
    return problem(status, error.detail, error.problems, headers)


async def _own(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problematic)  # noqa: S101 - registered for this class only
    return problem(error.status, error.detail, (error.at,), error.headers)


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    problems = field_problems(error)
    return problem(422, f"{len(problems)} value(s) are wrong.", problems)


async def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    wrong = {404: ("path", "See /docs for the paths."), 405: ("method", "See /docs for the methods of this path.")}
    at = tuple(FieldProblem(*found) for status, found in wrong.items() if status == error.status_code)
    return problem(error.status_code, str(error.detail), at, dict(error.headers or {}))
