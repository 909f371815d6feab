"""What nobody foresaw, at either door: the caller gets an answer, the log a place in the code, no customer's word."""

from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import AiguilleurError, ConflictError, MissingError, RefusedError, UnavailableError
from service.log import Code, Said, code, code_of, log

STATUS = {MissingError: 404, ConflictError: 409, RefusedError: 422, UnavailableError: 503}
"""Of each family of what was foreseen."""

Answer = Callable[[Scope, Exception], ASGIApp]


def status_of(error: AiguilleurError) -> int:
    return next((status for family, status in STATUS.items() if isinstance(error, family)), 500)


class Faults:
    """ASGI middleware around everything else. The server's own log would print the error with its words, which may be
    a customer's. `answer`: what is sent where nothing was yet."""

    def __init__(self, app: ASGIApp, answer: Answer) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
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
                await self._answer(scope, error)(scope, receive, send)


def _route(scope: Scope) -> Code:
    """The path as declared: a caller may have put anything into the real one."""
    return code(getattr(scope.get("route"), "path", "?"))
