"""What nobody foresaw: the caller gets a problem document, the log a place in the code and no customer's word."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problems import problem
from service.log import Said, code, code_of, log

DETAIL = "This is a mistake of ours, and it is in the log. A message that had been accepted is not lost."


class Faults:
    """ASGI middleware around everything else. The server's own log would print the error with its words,
    which may be a customer's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

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
            log(Said.REQUEST_FAILED, method=code(scope["method"]), route=code(_route(scope)), cause=code_of(error))
            if not begun:
                await problem(500, DETAIL)(scope, receive, send)


def _route(scope: Scope) -> str:
    """The path as declared: a caller may have put anything into the real one."""
    return getattr(scope.get("route"), "path", "?")
