"""A server on the loopback interface that keeps the last request it got and answers with nothing of interest.

What a provider would be sent is only known for sure from what leaves the program: so it leaves it, and comes here.
"""

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

HOST = "127.0.0.1"

Body = dict[str, Any]


def answer_to(request: Body) -> Body:
    """An empty object, as text, or as the call of a tool where the request insists on one."""
    message: Body = {"role": "assistant", "content": "{}"}
    if request.get("tool_choice") and request.get("tools"):
        called = {"name": request["tools"][0]["function"]["name"], "arguments": "{}"}
        message = {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "c", "type": "function", "function": called}],
        }
    return {
        "id": "caught",
        "object": "chat.completion",
        "created": 0,
        "model": "caught",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
    }


_PROXY = ("NO_PROXY", "no_proxy")


class Catcher:
    """`base` is what a model's server is set to; `body` is what was sent last, byte for byte, to `path`."""

    def __init__(self) -> None:
        self.path = ""
        self.body = b""
        self._server = ThreadingHTTPServer((HOST, 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._proxies = {name: os.environ.get(name) for name in _PROXY}

    @property
    def base(self) -> str:
        return f"http://{HOST}:{self._server.server_address[1]}/v1"

    def __enter__(self) -> "Catcher":
        """What is sent to the loopback interface goes through no proxy meanwhile."""
        os.environ.update({name: ",".join(filter(None, (known, HOST))) for name, known in self._proxies.items()})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        for name, known in self._proxies.items():
            os.environ.pop(name, None)
            os.environ.update({name: known} if known is not None else {})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        catcher = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                catcher.path = self.path
                catcher.body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                answer = json.dumps(answer_to(json.loads(catcher.body))).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                """Nothing: requests are written to a file, not to the log."""

        return Handler
