"""What is searched for stays on the machine, whatever the environment asks for."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SEARCH = """
from retrieval.hashed import HashedEmbedder
from retrieval.hybrid import HybridRetriever
from retrieval.library import Library
from tests.retrieval.stores import MemoryStore, passages
library = Library(MemoryStore(a=passages()), HashedEmbedder())
assert HybridRetriever(library=library, collection="a").invoke("RIB")[0].id == "rib"
from langchain_core.tracers.langchain import wait_for_all_tracers
wait_for_all_tracers()
"""


class Listener(HTTPServer):
    def __init__(self) -> None:
        self.heard: list[str] = []
        super().__init__(("127.0.0.1", 0), Hearing)


class Hearing(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Listener)
        self.server.heard.append(self.path)
        self.send_response(202)
        self.end_headers()

    do_GET = do_PATCH = do_POST

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


ASKED = {f"{maker}_{name}": "true" for maker in ("LANGSMITH", "LANGCHAIN") for name in ("TRACING", "TRACING_V2")}
UNSILENCED = f"import os, retrieval\nos.environ.update({ASKED!r})\n"
"""Undoes what importing `retrieval` has set, before any library reads it."""


def search(listener: Listener, script: str) -> None:
    """In a process of its own, whose environment asks for traces to be posted to the listener."""
    endpoint = f"http://127.0.0.1:{listener.server_port}"
    keys = {"LANGSMITH_API_KEY": "k", "LANGCHAIN_API_KEY": "k"}
    places = {"LANGSMITH_ENDPOINT": endpoint, "LANGCHAIN_ENDPOINT": endpoint}
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, **ASKED, **keys, **places},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr


def test_no_trace_of_a_search_is_posted(listener: Listener) -> None:
    search(listener, SEARCH)
    assert listener.heard == []


def test_without_our_switch_a_trace_would_be_posted_and_heard(listener: Listener) -> None:
    search(listener, UNSILENCED + SEARCH)
    assert any("/runs" in path for path in listener.heard)
