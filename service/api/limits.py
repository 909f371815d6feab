"""Refuses a request body over the limit before it is held in memory."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problems import problem


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
        body = await self._whole(receive)
        if body is None:
            await self._refuse(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)

    async def _whole(self, receive: Receive) -> bytes | None:
        """The body, or None where it is longer than the limit. A caller who leaves gives what came."""
        chunks: list[bytes] = []
        length = 0
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return b"".join(chunks)
            chunks.append(message.get("body", b""))
            length += len(chunks[-1])
            if length > self._limit:
                return None
            if not message.get("more_body", False):
                return b"".join(chunks)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        detail = f"A request may have at most {self._limit:,} bytes; shorten the body or leave attachments out."
        await problem(413, detail, headers={"Connection": "close"})(scope, receive, send)


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
