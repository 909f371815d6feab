"""`python -m evals.bench.posts PORT KEY`: nothing but `POST /v1/triage`, each message under an id of its own.

For each line `IN_FLIGHT COUNT` on standard input it makes so many requests, and prints the seconds they took.
"""

import asyncio
import json
import sys
import time

from evals.bench.corpus import anew, messages
from evals.bench.flight import fly


class Posts:
    """Connections that stay open; a bare protocol, so that the client takes little of the processor."""

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        self._key = key
        self._messages = anew(messages())
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def post(self) -> None:
        """Raises RuntimeError for anything but a Triage that the model was heard for."""
        body = next(self._messages).model_dump_json().encode()
        reader, writer = self._free.pop() if self._free else await asyncio.open_connection("127.0.0.1", self._port)
        head = f"POST /v1/triage HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self._key}\r\n"
        writer.write(f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        told = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        answer = await reader.readexactly(int(told.partition("content-length:")[2].split()[0]))
        if " 200 " not in told.partition("\r\n")[0] or json.loads(answer)["degraded"]:
            raise RuntimeError(f"POST /v1/triage answered {told[:200]} {answer[:300]!r}")
        self._free.append((reader, writer))


async def main(port: int, key: str) -> None:
    posts = Posts(port, key)
    while line := await asyncio.to_thread(sys.stdin.readline):
        in_flight, calls = map(int, line.split())
        begun = time.perf_counter()
        await fly(posts.post, in_flight, calls)
        print(time.perf_counter() - begun, flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
