"""An OpenAI-compatible server on the loopback interface that answers sensibly, or misbehaves as told.

`python -m tests.loopback_model --port 8901 --latency-ms 300` serves until it is stopped;
`--behave 429:1,ok` makes it misbehave. In tests: `with LoopbackModel() as server: …`.
"""

import argparse
import asyncio
import contextlib
import hashlib
import json
import threading
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.loopback_answer import words_of

STATUS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}


@dataclass
class Asked:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    raw: bytes = b""

    @property
    def model(self) -> str:
        return str(self.body.get("model", ""))

    @property
    def form(self) -> str:
        return str((self.body.get("response_format") or {}).get("type", "text"))


@dataclass
class LoopbackModel:
    """Each request to a model takes the next behaviour of its script (`""`: of any model); the last one stays.

    ok · slow:SECONDS · STATUS[:RETRY_AFTER] · html · hang_up · invalid_json · nonsense · fenced · chatty ·
    stranger (a queue that does not exist) · refuse · filtered · no_choices · empty · cut · no_schema ·
    obey:QUEUE · obey_neatly:QUEUE (whatever an injection wants) ·
    no_schema_500 · no_format · no_logprobs · no_usage · text:ANSWER
    """

    latency_s: float = 0.0
    port: int = 0
    scripts: dict[str, Iterable[str]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0
    connections: int = 0

    def __post_init__(self) -> None:
        self._scripts = defaultdict(lambda: deque(["ok"]), {k: deque(v) for k, v in self.scripts.items()})
        self._started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def script(self, *behaviours: str, model: str = "") -> None:
        self._scripts[model] = deque(behaviours)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> "LoopbackModel":
        self._thread.start()
        self._started.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        self._open: set[asyncio.StreamWriter] = set()
        server = await asyncio.start_server(self._talk, "127.0.0.1", self.port, backlog=1024, limit=2**24)
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._stop.wait()
        server.close()
        for writer in list(self._open):
            writer.transport.abort()
        await asyncio.sleep(0.01)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        self.connections += 1
        try:
            while await self._exchange(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._open.discard(writer)
            writer.transport.abort()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:] if line)}
        raw = await reader.readexactly(int(headers.get("content-length", "0")))
        asked = Asked(head[0].split()[1], headers, json.loads(raw or b"{}"), raw)
        self.asked.append(asked)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            behaviour = self._next(asked.model)
            await asyncio.sleep(self.latency_s + _delay(behaviour))
            status, body, extra = _reply(behaviour, asked)
        finally:
            self.in_flight -= 1
        if behaviour == "hang_up":
            writer.write(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"id":')
            await writer.drain()
            return False
        lines = [f"HTTP/1.1 {status} {STATUS.get(status, 'Error')}", f"Content-Length: {len(body)}", *extra]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await writer.drain()
        return True

    def _next(self, model: str) -> str:
        script = self._scripts[model if model in self._scripts else ""]
        return script.popleft() if len(script) > 1 else script[0]


def _delay(behaviour: str) -> float:
    return float(behaviour.partition(":")[2]) if behaviour.startswith("slow:") else 0.0


def _reply(behaviour: str, asked: Asked) -> tuple[int, bytes, list[str]]:
    name, _, value = behaviour.partition(":")
    refused = _refused(name, asked)
    if refused:
        return refused[0], _json({"error": {"message": refused[1], "type": "invalid_request_error"}}), [_JSON]
    if name.isdigit():
        extra = [f"Retry-After: {value}"] if value else []
        return int(name), _json({"error": {"message": f"told to answer {name}", "type": "error"}}), [_JSON, *extra]
    if name == "html":
        return 502, b"<html><body><h1>502 Bad Gateway</h1></body></html>", ["Content-Type: text/html"]
    if name == "invalid_json":
        return 200, b'{"id": "x", "choices": [{"mess', [_JSON]
    if asked.path.endswith("/embeddings"):
        return 200, _json(_vectors(asked.body)), [_JSON]
    return 200, _json(_completion(name, value, asked.body)), [_JSON]


_JSON = "Content-Type: application/json"


def _refused(name: str, asked: Asked) -> tuple[int, str] | None:
    form = asked.form
    if name == "no_logprobs" and asked.body.get("logprobs"):
        return 400, "logprobs is not supported with this model."
    if name == "no_schema" and form == "json_schema":
        return 400, "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."
    if name == "no_schema_500" and form == "json_schema":
        return 500, "json_schema is not implemented"
    if name == "no_format" and form != "text":
        return 400, "response_format is not supported"
    return None


def _completion(name: str, value: str, body: dict[str, Any]) -> dict[str, Any]:
    content: str | None = words_of(name, value, body)
    message: dict[str, Any] = {"role": "assistant", "content": content}
    finish = {"cut": "length", "filtered": "content_filter"}.get(name, "stop")
    if name == "refuse":
        message |= {"content": None, "refusal": "I cannot help with that."}
    prompt = sum(len(str(turn["content"])) for turn in body["messages"]) // 4
    choice = {"index": 0, "message": message, "finish_reason": finish}
    if body.get("logprobs") and content:
        choice |= {"logprobs": {"content": weighed(content)}}
    usage = {"prompt_tokens": prompt, "completion_tokens": len(content or "") // 4, "total_tokens": prompt}
    usage_details = {"prompt_tokens_details": {"cached_tokens": prompt // 2}}
    return {
        "id": "chatcmpl-loopback",
        "object": "chat.completion",
        "created": 1,
        "model": body.get("model", ""),
        "choices": [] if name == "no_choices" else [choice],
    } | ({} if name == "no_usage" else {"usage": usage | usage_details})


def weighed(content: str) -> list[dict[str, Any]]:
    """Tokens of four characters, each nine times in ten."""
    pieces = [content[at : at + 4] for at in range(0, len(content), 4)]
    return [{"token": piece, "logprob": -0.105, "bytes": None, "top_logprobs": []} for piece in pieces]


def _vectors(body: dict[str, Any]) -> dict[str, Any]:
    """Eight numbers a text, from its digest; handed back last first, as a server may."""
    texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
    rows = [
        {"object": "embedding", "index": at, "embedding": [b / 255 for b in hashlib.sha256(text.encode()).digest()[:8]]}
        for at, text in enumerate(texts)
    ]
    usage = {"prompt_tokens": len(texts), "total_tokens": len(texts)}
    return {"object": "list", "model": body.get("model", ""), "data": rows[::-1], "usage": usage}


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8901)
    parser.add_argument("--latency-ms", type=float, default=0.0)
    parser.add_argument("--behave", default="ok", help="behaviours in order, separated by commas; the last one stays")
    options = parser.parse_args()
    server = LoopbackModel(options.latency_ms / 1000, options.port, {"": options.behave.split(",")})
    with server:
        print(server.base, flush=True)  # noqa: T201  (what a caller of the command waits for)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
