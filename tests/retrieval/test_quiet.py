"""What is searched for stays on the machine, whatever the environment asks for."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.listener import Listener, listening

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


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as server:
        yield server


ASKED = {f"{maker}_{name}": "true" for maker in ("LANGSMITH", "LANGCHAIN") for name in ("TRACING", "TRACING_V2")}
UNSILENCED = f"import os, retrieval\nos.environ.update({ASKED!r})\n"
"""Undoes what importing `retrieval` has set, before any library reads it."""


def search(listener: Listener, script: str) -> None:
    """In a process of its own, whose environment asks for traces to be posted to the listener."""
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, **ASKED, **listener.talkative},
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
