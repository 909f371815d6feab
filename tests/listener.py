"""A server on the loopback interface that hears whatever a library posts behind our back."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer


class Listener(HTTPServer):
    def __init__(self) -> None:
        self.heard: list[str] = []
        super().__init__(("127.0.0.1", 0), Hearing)

    @property
    def talkative(self) -> dict[str, str]:
        """An environment that asks every library to trace to this server."""
        here = f"http://127.0.0.1:{self.server_port}"
        return {
            "LANGSMITH_TRACING": "true",
            "LANGSMITH_TRACING_V2": "true",
            "LANGCHAIN_TRACING_V2": "true",
            "LANGSMITH_API_KEY": "k",
            "LANGCHAIN_API_KEY": "k",
            "LANGSMITH_ENDPOINT": here,
            "LANGCHAIN_ENDPOINT": here,
            "LANGFUSE_HOST": here,
            "LANGFUSE_PUBLIC_KEY": "k",
            "LANGFUSE_SECRET_KEY": "k",
            "OTEL_EXPORTER_OTLP_ENDPOINT": here,
            "CHROMA_OTEL_COLLECTION_ENDPOINT": here,
            "CHROMA_OTEL_GRANULARITY": "all",
            "CHROMA_OTEL_SERVICE_NAME": "c",
        }


class Hearing(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Listener)
        self.server.heard.append(self.path)
        self.send_response(202)
        self.end_headers()

    do_GET = do_PATCH = do_POST

    def log_message(self, *_: object) -> None: ...


@contextmanager
def listening() -> Iterator[Listener]:
    with Listener() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
