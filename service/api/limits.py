"""Refuses request bodies before too much of them is held in memory: one that is too long, or too many at a time."""

import asyncio
from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problems import problem
from service.errors import AGAIN_LATER, FieldProblem

MOST_HELD = 100_000_000
"""Bytes of bodies whose requests are not answered yet: fifty of the longest, or twenty thousand usual ones. What is
made of a body takes some times its room."""
REST_S = 5
HEARD_S = 10.0
"""How long what comes after a refusal is still read, and thrown away."""


class BodyLimit:
    """ASGI middleware: 413 from the announced length, or as soon as more than `limit` bytes came in. 429 where the
    bodies of all requests that are not answered yet would come to more than `most_held` bytes."""

    def __init__(self, app: ASGIApp, limit: int, most_held: int = MOST_HELD) -> None:
        self._app = app
        self._limit = limit
        self._most_held = most_held
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        chunks: list[bytes] = []
        try:
            refusal = await self._taken(scope, receive, chunks)
            if refusal is not None:
                self._let_go(chunks)
                await refusal(scope, receive, send)
                return
            chunks[:] = [b"".join(chunks)]
            await self._app(scope, _replay(chunks[0], receive), send)
        finally:
            self._let_go(chunks)

    def _let_go(self, chunks: list[bytes]) -> None:
        self._held -= sum(map(len, chunks))
        chunks.clear()

    async def _taken(self, scope: Scope, receive: Receive, chunks: list[bytes]) -> ASGIApp | None:
        """Puts the body into `chunks`, or says with what to answer instead."""
        if _announced(scope) > self._limit:
            return _heard(self._too_long())
        length = 0
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return _nothing  # half a body is none, and nobody waits for an answer
            chunks.append(message.get("body", b""))
            length += len(chunks[-1])
            self._held += len(chunks[-1])
            more = message.get("more_body", False)
            if length > self._limit or self._held > self._most_held:
                refusal = self._too_long() if length > self._limit else self._too_many()
                return _heard(refusal) if more else refusal
            if not more:
                return None

    def _too_long(self) -> ASGIApp:
        cure = FieldProblem("body", "Shorten the message, or leave attachments and earlier messages out.")
        detail = f"A request may have at most {self._limit:,} bytes."
        return problem(413, detail, (cure,), {"Connection": "close"})

    def _too_many(self) -> ASGIApp:
        detail = f"Requests of more than {self._most_held:,} bytes in all wait for their answers already."
        return problem(429, detail, (AGAIN_LATER,), {"Connection": "close", "Retry-After": str(REST_S)})


def _heard(refusal: ASGIApp) -> ASGIApp:
    """The same, for a caller who reads the answer once he has sent all: were the connection closed before, it would
    break under him, and he would never see why."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def unended(message: Message) -> None:
            await send({**message, "more_body": True} if message["type"] == "http.response.body" else message)

        await refusal(scope, receive, unended)
        with suppress(TimeoutError):
            async with asyncio.timeout(HEARD_S):
                while (await receive()).get("more_body", False):
                    pass
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    return answer


async def _nothing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Who has gone hears nothing."""


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
