"""The real Chroma, on a server of its own."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.chroma import ChromaServer
from retrieval.hashed import HashedEmbedder
from retrieval.library import Library
from retrieval.passages import Passage
from retrieval.upkeep import KeptIndex
from tests.retrieval.chroma_process import ChromaProcess
from tests.retrieval.stores import MemoryStore, many

TEXTS = [f"changer de RIB pour le dossier {n}" for n in range(20)]


def found(library: Library) -> list[list[str]]:
    return [[hit.passage.id for hit in library.search("a", text)] for text in TEXTS]


def over(url: str, store: MemoryStore) -> Library:
    return Library(store, HashedEmbedder(), KeptIndex(ChromaServer(url), first_rest_s=0.2))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ChromaProcess]:
    process = ChromaProcess(tmp_path)
    process.start()
    yield process
    process.stop()


def test_a_server_may_go_and_come_back_and_two_processes_may_share_it(server: ChromaProcess) -> None:
    store = MemoryStore(a=many(200))
    exact, first, second = Library(store, HashedEmbedder()), over(server.url, store), over(server.url, store)
    for library in (first, second):
        library.prepare("a")
        assert library.settled(30)
        assert found(library) == found(exact)
        assert library.degraded == ()

    store.put("a", [Passage("new", "une licorne blanche")])
    assert [one.search("a", "licorne", 1)[0].passage.id for one in (first, second)] == ["new", "new"]
    assert first.settled(30)
    assert second.settled(30)
    assert found(first) == found(second) == found(exact)

    server.stop()
    started = time.monotonic()
    assert found(first) == found(exact)
    assert time.monotonic() - started < 3
    assert first.degraded == ("index",)

    server.start()
    wait_for(first)
    assert found(first) == found(exact)
    first.close()
    second.close()


def wait_for(library: Library) -> None:
    end = time.monotonic() + 20
    while library.degraded and time.monotonic() < end:
        library.search("a", "RIB", 1)
        time.sleep(0.05)
    assert library.degraded == ()


def test_a_server_that_never_answers_is_not_waited_for() -> None:
    store = MemoryStore(a=many(50))
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        library = over(f"http://127.0.0.1:{mute.getsockname()[1]}", store)
        library.prepare("a")
        started = time.monotonic()
        assert found(library) == found(Library(store, HashedEmbedder()))
        assert time.monotonic() - started < 1
        library.settled(5)
        assert library.degraded == ("index",)
        library.close()
