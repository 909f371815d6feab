"""Bodies that wait for their answers hold so much memory and no more."""

import asyncio
from typing import Any

from starlette.types import Message, Receive, Scope, Send

from service.api.limits import BodyLimit


class Behind:
    """An application that reads the body, and answers when it is told to."""

    def __init__(self) -> None:
        self.read: list[bytes] = []
        self.go_on = asyncio.Event()

    async def __call__(self, _scope: Scope, receive: Receive, _send: Send) -> None:
        self.read.append((await receive())["body"])
        await self.go_on.wait()


async def sent(door: BodyLimit, *chunks: bytes, whole: bool = True) -> list[Message]:
    """What came back for a body in pieces; the caller of one that is not `whole` hangs up after them."""
    came: list[Any] = []
    more: list[Message] = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    if whole:
        more[-1]["more_body"] = False
    messages = iter([*more, {"type": "http.disconnect"}])

    async def receive() -> Message:
        return next(messages)

    async def send(message: Message) -> None:
        came.append(message)

    await door({"type": "http", "method": "POST", "path": "/", "headers": []}, receive, send)
    return came


async def test_who_comes_when_too_much_is_held_is_told_when_to_come_back_and_comes_in_later() -> None:
    behind = Behind()
    door = BodyLimit(behind, limit=100, most_held=150)
    waiting = [asyncio.create_task(sent(door, b"a" * 40, b"b" * 20)) for _ in range(2)]
    await asyncio.sleep(0)
    assert behind.read == [b"a" * 40 + b"b" * 20] * 2
    start, body = await sent(door, b"c" * 20, b"d" * 20)
    headers = dict(start["headers"])
    assert (start["status"], int(headers[b"retry-after"]) > 0, headers[b"connection"]) == (429, True, b"close")
    assert b"150 bytes" in body["body"]
    small = asyncio.create_task(sent(door, b"e" * 20))
    behind.go_on.set()
    await asyncio.gather(*waiting, small)
    assert await sent(door, b"c" * 20, b"d" * 20) == []
    assert behind.read[2:] == [b"e" * 20, b"c" * 20 + b"d" * 20]


async def test_who_hangs_up_or_sends_too_much_leaves_nothing_behind() -> None:
    behind = Behind()
    behind.go_on.set()
    door = BodyLimit(behind, limit=100, most_held=150)
    for _ in range(3):
        assert await sent(door, b"a" * 90, whole=False) == []
        start, _ = await sent(door, b"a" * 90, b"b" * 20)
        assert start["status"] == 413
    assert behind.read == []
    assert await sent(door, b"a" * 100) == []
    assert behind.read == [b"a" * 100]


async def test_who_sends_on_after_a_refusal_is_listened_to_until_he_is_done() -> None:
    door = BodyLimit(Behind(), limit=100)
    start, answer, end = await sent(door, b"a" * 90, b"b" * 20, b"c" * 500, b"d" * 500)
    assert (start["status"], answer["more_body"]) == (413, True)
    assert b"at most 100 bytes" in answer["body"]
    assert end == {"type": "http.response.body", "body": b"", "more_body": False}
