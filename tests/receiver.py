"""A program that webhooks are told to, on loopback: it keeps what it hears, and answers as a test wants."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Any

OK = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


def status(code: int, **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {code} Told", "Content-Length: 2", *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\nok").encode()


@dataclass
class Heard:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told


@dataclass
class Receiver:
    """`answer` says what goes back for the nth request; None: nothing, and the line stays open until `hang_s`."""

    port: int = 0
    heard: list[Heard] = field(default_factory=list)
    answer: Callable[[int], bytes | None] = lambda _: OK
    hang_s: float = 30.0

    def url(self, path: str = "/hooks", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    async def hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
            cased = {line.split(": ", 1)[0].lower(): line.split(": ", 1)[1] for line in head[1:] if line}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            self.heard.append(Heard(head[0].split()[1], cased, body))
            back = self.answer(len(self.heard))
            if back is None:
                await asyncio.wait_for(reader.read(), self.hang_s)
            else:
                writer.write(back)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError):
            pass
        finally:
            writer.close()

    async def until(self, count: int, seconds: float = 20) -> list[Heard]:
        async with asyncio.timeout(seconds):
            while len(self.heard) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        return self.heard


@asynccontextmanager
async def receiving(trust: SSLContext | None = None) -> AsyncIterator[Receiver]:
    receiver = Receiver()
    server = await asyncio.start_server(receiver.hear, "127.0.0.1", 0, ssl=trust)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()


def verified(heard: Heard, secret: str) -> bool:
    """The Standard Webhooks specification, written anew: `v1,` and the base64 of HMAC-SHA256 under the decoded secret
    over id, timestamp and body, joined by dots; several signatures may stand there, a space apart."""
    key = base64.b64decode(secret.split("_", 1)[1])
    signed = b".".join([heard.headers["webhook-id"].encode(), heard.headers["webhook-timestamp"].encode(), heard.body])
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = [one.partition(",")[2] for one in heard.headers["webhook-signature"].split(" ") if one.startswith("v1,")]
    return any(hmac.compare_digest(wanted, one) for one in given)
