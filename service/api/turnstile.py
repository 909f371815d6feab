"""Messages that are handed in stand in line before anything is made of them, and nothing else stands behind them."""

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

from service.api.problems import problem_of
from service.errors import AGAIN_LATER, BusyError

AT_ONCE = 32
"""More would only share the processor with each other and with the pages. Fewer than one transaction takes."""
LONGEST = 2_000
"""So many may stand in line: some ten seconds' work of a busy machine."""
REST_S = 10


class Turnstile:
    """ASGI middleware for `POST path`: at most `at_once` at a time, the others wait their turn with their bodies read.
    429 for whoever finds `longest` waiting."""

    def __init__(self, app: ASGIApp, path: str, at_once: int = AT_ONCE, longest: int = LONGEST) -> None:
        self._app = app
        self._path = path
        self._room = asyncio.Semaphore(at_once)
        self._longest = longest
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (scope["method"], scope["path"]) != ("POST", self._path):
            await self._app(scope, receive, send)
        elif self._waiting >= self._longest:
            detail = f"{self._waiting} messages wait to be taken in already."
            await problem_of(BusyError(detail, REST_S, (AGAIN_LATER,)))(scope, receive, send)
        else:
            await self._in_turn(scope, receive, send)

    async def _in_turn(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._waiting += 1
        try:
            await self._room.acquire()
        finally:
            self._waiting -= 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._room.release()
