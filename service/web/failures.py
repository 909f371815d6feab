"""What went wrong, as a page that says what to do next."""

from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.desk.secret import new_secret
from service.errors import AiguilleurError, ConflictError, MissingError, RefusedError, UnavailableError
from service.log import Code, Said, code, code_of, log
from service.web.guard import SAFE, NotAllowed, SendAgain, SignInFirst, desk_of
from service.web.pages import away, page, words_of
from service.web.visit import Visit, language_of, visit_of

STATUS = {MissingError: 404, ConflictError: 409, RefusedError: 422, UnavailableError: 503}


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
    status = next((code for family, code in STATUS.items() if isinstance(error, family)), 500)
    return failure(request, status, str(status), words_of(request).refusal(error))


async def _unreadable(request: Request, _error: Exception) -> Response:
    return failure(request, 422, "422")


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    status = 404 if error.status_code == 405 else error.status_code
    return failure(request, status, "404" if status == 404 else "422")


class Faults:
    """ASGI middleware: what nobody foresaw becomes a page, and a line in the log without a customer's word."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            log(Said.REQUEST_FAILED, method=code(scope["method"]), route=_route(scope), cause=code_of(error))
            if not begun:
                away = isinstance(error, UnavailableError)
                await failure(_request(scope), 503 if away else 500, "503" if away else "500")(scope, receive, send)


def _route(scope: Scope) -> Code:
    """The path as declared: a visitor may have put anything into the real one."""
    return code(getattr(scope.get("route"), "path", "?"))


def _request(scope: Scope) -> Request:
    """With a visit, also where finding out who visits is what failed."""
    request = Request(scope)
    if "visit" not in scope.setdefault("state", {}):
        language = language_of(request.headers.get("accept-language", ""))
        scope["state"]["visit"] = Visit(language, new_secret())
    return request
