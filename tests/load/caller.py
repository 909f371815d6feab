"""`python -m tests.load.caller`: hands messages in over connections that stay open, by a bare protocol, so that the
caller takes little of the processor. For each line `PORT PATH KEY COUNT IN_FLIGHT RATE` on standard input it makes so
many calls, at most RATE a second (0: as many as it can), and prints what came of them as JSON."""

import asyncio
import json
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field

from evals.bench.corpus import anew, messages
from evals.bench.flight import fly

BODIES = anew(messages())


@dataclass
class Calls:
    port: int
    path: str
    key: str
    latencies_ms: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    _free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = field(default_factory=list)

    async def call(self) -> None:
        body = _body(self.path)
        began = time.perf_counter()
        while self._free and self._free[-1][0].at_eof():  # closed meanwhile: nothing was asked on it for so long
            self._free.pop()
        reader, writer = self._free.pop() if self._free else await asyncio.open_connection("127.0.0.1", self.port)
        head = f"POST {self.path} HTTP/1.1\r\nHost: load\r\nAuthorization: Bearer {self.key}\r\n"
        writer.write(f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        told = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        await reader.readexactly(int(told.partition("content-length:")[2].split()[0]))
        self.latencies_ms.append((time.perf_counter() - began) * 1000)
        self.statuses[told.split()[1]] += 1
        self._free.append((reader, writer))


def _body(path: str) -> bytes:
    """A message, or what a model is asked about it."""
    message = next(BODIES)
    if not path.endswith("/completions"):
        return message.model_copy(update={"account": None}).model_dump_json().encode()
    return json.dumps({"model": "stub", "messages": [{"role": "user", "content": message.body}]}).encode()


@dataclass(frozen=True)
class Result:
    """Milliseconds of the middle, the slowest twentieth and the slowest hundredth; calls by status."""

    seconds: float
    per_s: float
    p50: float
    p95: float
    p99: float
    statuses: dict[str, int]


async def made(calls: Calls, count: int, in_flight: int, rate: float) -> Result:
    began = time.perf_counter()
    if rate:
        await _paced(calls, count, rate)
    else:
        await fly(calls.call, in_flight, count)
    seconds = time.perf_counter() - began
    slow = sorted(calls.latencies_ms)
    p50, p95, p99 = (slow[min(len(slow) - 1, int(len(slow) * share))] for share in (0.5, 0.95, 0.99))
    return Result(seconds, count / seconds, p50, p95, p99, dict(calls.statuses))


async def _paced(calls: Calls, count: int, rate: float) -> None:
    """Each at its time, however slow the ones before are."""
    began, tasks = time.perf_counter(), set[asyncio.Task[None]]()
    for number in range(count):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        task = asyncio.create_task(calls.call())
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    await asyncio.gather(*tasks)


async def main() -> None:
    while line := await asyncio.to_thread(sys.stdin.readline):
        port, path, key, count, in_flight, rate = line.split()
        result = await made(Calls(int(port), path, key), int(count), int(in_flight), float(rate))
        sys.stdout.write(json.dumps(asdict(result)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
