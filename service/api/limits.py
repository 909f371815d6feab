"""Refuses a request body over the limit before it is held in memory."""

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problems import problem
from service.errors import FieldProblem


class BodyLimit:
    """ASGI middleware: 413 from the announced length, or as soon as more than `limit` bytes came in."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _announced(scope) > self._limit:
            await self._refuse(scope, receive, send)
            return
        try:
            body = await self._whole(receive)
        except ClientDisconnect:
            return
        if body is None:
            await self._refuse(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)

    async def _whole(self, receive: Receive) -> bytes | None:
        """The body, or None where it is longer than the limit. Raises ClientDisconnect: half a body is none."""
        chunks: list[bytes] = []
        length = 0
        while True:
            message = await receive()
            if message["type"] != "http.request":
                raise ClientDisconnect
            chunks.append(message.get("body", b""))
            length += len(chunks[-1])
            if length > self._limit:
                return None
            if not message.get("more_body", False):
                return b"".join(chunks)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        cure = FieldProblem("body", "Shorten the message, or leave attachments and earlier messages out.")
        detail = f"A request may have at most {self._limit:,} bytes."
        await problem(413, detail, (cure,), {"Connection": "close"})(scope, receive, send)


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
