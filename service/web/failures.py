"""What went wrong, as a page that says what to do next."""

from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from service.desk.people.secret import new_secret
from service.errors import AiguilleurError, UnavailableError
from service.faults import status_of
from service.web.guard import SAFE, NotAllowed, SendAgain, SignInFirst, desk_of
from service.web.pages import away, page, words_of
from service.web.visit import Visit, language_of, visit_of


def add_failure_pages(app: FastAPI) -> None:
    app.add_exception_handler(SignInFirst, _sign_in_first)
    app.add_exception_handler(SendAgain, _send_again)
    app.add_exception_handler(NotAllowed, _not_allowed)
    app.add_exception_handler(AiguilleurError, _ours)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _http)


def failure(request: Request, status: int, name: str, told: list[str] | None = None) -> Response:
    """The page of a failure: what happened, why, what to do."""
    return page(request, "failure.html", status, name=name, told=told or [])


async def _sign_in_first(request: Request, error: Exception) -> Response:
    assert isinstance(error, SignInFirst)  # noqa: S101 - registered for this class only
    if request.method in SAFE:
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return away("/sign-in" if asked == "/" else f"/sign-in?next={quote(asked, safe='')}")
    again = request.url.path if error.kept else ""
    return sign_in_page(request, 401, after="/", again=again, kept=error.kept, told=[words_of(request)("expired.told")])


def sign_in_page(
    request: Request,
    status: int = 200,
    *,
    after: str = "/",
    again: str = "",
    kept: dict[str, str] | None = None,
    name: str = "",
    told: list[str] | None = None,
) -> Response:
    """`again` is where `kept`, a form's fields, is sent once somebody is signed in."""
    company = desk_of(request).workbench.single_sign_on is not None
    shown = {"after": after, "again": again, "kept": kept or {}, "name": name, "told": told or [], "company": company}
    return page(request, "sign_in.html", status, **shown)


async def _send_again(request: Request, error: Exception) -> Response:
    assert isinstance(error, SendAgain)  # noqa: S101 - registered for this class only
    if error.kept is None or request.url.path == "/sign-in" or visit_of(request).person is None:
        return failure(request, 403, "forged")
    return page(request, "again.html", 403, again=request.url.path, kept=error.kept)


async def _not_allowed(request: Request, _error: Exception) -> Response:
    return failure(request, 403, "not_allowed")


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, AiguilleurError)  # noqa: S101 - registered for this family only
    status = status_of(error)
    return failure(request, status, str(status), words_of(request).refusal(error))


async def _unreadable(request: Request, _error: Exception) -> Response:
    return failure(request, 422, "422")


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    status = 404 if error.status_code == 405 else error.status_code
    return failure(request, status, "404" if status == 404 else "422")


def unforeseen(scope: Scope, error: Exception) -> Response:
    """What is shown when nobody foresaw it; so is a store that is away before anybody could be asked in."""
    request = _request(scope)
    if isinstance(error, UnavailableError):
        return failure(request, 503, "503", words_of(request).refusal(error))
    return failure(request, 500, "500")


def _request(scope: Scope) -> Request:
    """With a visit, also where finding out who visits is what failed."""
    request = Request(scope)
    if "visit" not in scope.setdefault("state", {}):
        language = language_of(request.headers.get("accept-language", ""))
        scope["state"]["visit"] = Visit(language, new_secret())
    return request
