"""Thousands who hand in messages keep nobody else waiting, and not too many of them stand in line."""

import asyncio
from typing import Any

from starlette.types import Message, Receive, Scope, Send

from service.api.turnstile import Turnstile

MESSAGES = "/v1/messages"


class Behind:
    """An application whose answers wait until it is told to go on."""

    def __init__(self) -> None:
        self.inside: list[str] = []
        self.go_on = asyncio.Event()

    async def __call__(self, scope: Scope, _receive: Receive, _send: Send) -> None:
        self.inside.append(f"{scope['method']} {scope['path']}")
        if scope["method"] == "POST":
            await self.go_on.wait()


async def asked(door: Turnstile, method: str = "POST", path: str = MESSAGES) -> list[Message]:
    sent: list[Any] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    await door({"type": "http", "method": method, "path": path, "headers": []}, receive, send)
    return sent


async def test_so_many_at_a_time_the_next_in_line_and_whoever_else_comes_at_once() -> None:
    behind = Behind()
    door = Turnstile(behind, MESSAGES, at_once=2, longest=3)
    handed_in = [asyncio.create_task(asked(door)) for _ in range(5)]
    await asyncio.sleep(0)
    assert behind.inside == [f"POST {MESSAGES}"] * 2
    await asked(door, "GET")
    await asked(door, "GET", "/")
    assert behind.inside[2:] == [f"GET {MESSAGES}", "GET /"]
    start, body = await asked(door)
    headers = dict(start["headers"])
    assert (start["status"], int(headers[b"retry-after"]) > 0) == (429, True)
    assert b"3 messages wait" in body["body"]
    behind.go_on.set()
    await asyncio.gather(*handed_in)
    assert behind.inside.count(f"POST {MESSAGES}") == 5


async def test_who_goes_away_while_waiting_leaves_his_place() -> None:
    behind = Behind()
    door = Turnstile(behind, MESSAGES, at_once=1, longest=1)
    first, gone = (asyncio.create_task(asked(door)) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.wait([gone])
    last = asyncio.create_task(asked(door))
    behind.go_on.set()
    assert (await first, await last) == ([], [])
