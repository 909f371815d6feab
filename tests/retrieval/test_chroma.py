"""The real Chroma, embedded."""

import multiprocessing
import shutil
from pathlib import Path

import pytest

from retrieval.chroma import EmbeddedChroma
from retrieval.hashed import HashedEmbedder
from retrieval.library import Library
from retrieval.passages import Passage
from retrieval.upkeep import KeptIndex
from tests.retrieval.stores import MemoryStore, many

TEXTS = ("changer de RIB pour le dossier 17", "clés perdues dossier 40", "stage de conduite", "acte de décès 88")


def found(library: Library) -> list[list[str]]:
    return [[hit.passage.id for hit in library.search("a", text)] for text in TEXTS]


def right(store: MemoryStore) -> list[list[str]]:
    return found(Library(store, HashedEmbedder()))


class Opened:
    """A library over a Chroma folder, as a service has it."""

    def __init__(self, store: MemoryStore, folder: Path, embedder: HashedEmbedder | None = None) -> None:
        self.index = KeptIndex(EmbeddedChroma(folder), first_rest_s=0.1)
        self.library = Library(store, embedder or HashedEmbedder(), self.index)

    def __enter__(self) -> Library:
        self.library.prepare("a")
        return self.library

    def __exit__(self, *_: object) -> None:
        self.library.close()


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore(a=many(300))


@pytest.fixture
def folder(store: MemoryStore, tmp_path: Path) -> Path:
    with Opened(store, tmp_path / "chroma") as library:
        assert library.settled(30)
    return tmp_path / "chroma"


def test_it_finds_what_exact_search_finds(store: MemoryStore, folder: Path) -> None:
    with Opened(store, folder) as library:
        assert library.settled(30)
        assert found(library) == right(store)
        assert library.degraded == ()


def test_changes_made_while_it_was_closed_are_taken_in(store: MemoryStore, folder: Path) -> None:
    store.put("a", [Passage("new", "une licorne"), Passage("p00017", "une girafe")])
    store.delete("a", ["p00040", "p00041"])
    with Opened(store, folder) as library:
        assert library.settled(30)
        assert found(library) == right(store)
        assert library.search("a", "licorne", 1)[0].passage.id == "new"


@pytest.mark.parametrize("damage", ["garbage", "truncated", "emptied", "no database", "no folder", "sparse"])
def test_a_damaged_index_is_noticed_and_made_anew(store: MemoryStore, folder: Path, damage: str) -> None:
    hurt(folder / "g1", damage)
    with Opened(store, folder) as library:
        assert found(library) == right(store)
        library.settled(30)
        assert library.settled(30)
        assert found(library) == right(store)
        assert library.degraded == ()


def hurt(folder: Path, damage: str) -> None:
    if damage == "no folder":
        shutil.rmtree(folder)
        return
    files = [path for path in folder.rglob("*") if path.is_file()]
    if damage == "no database":
        (folder / "chroma.sqlite3").unlink()
    elif damage == "sparse":
        with (folder / "link_lists.bin").open("wb") as file:
            file.truncate(60_000_000_000)
    else:
        for path in files:
            content = path.read_bytes()
            half = len(content) // 2
            hurt_content = {"garbage": bytes(reversed(content)), "truncated": content[:half], "emptied": b""}
            path.write_bytes(hurt_content[damage])


def test_a_folder_taken_away_while_it_is_open_loses_nothing(store: MemoryStore, folder: Path) -> None:
    with Opened(store, folder) as library:
        assert library.settled(30)
        shutil.rmtree(folder / "g1")
        store.put("a", [Passage("new", "une licorne")])
        assert library.search("a", "licorne", 1)[0].passage.id == "new"
        library.settled(30)
        assert found(library) == right(store)


class OtherEmbedder(HashedEmbedder):
    name = "other"


def test_an_index_by_another_embedder_is_never_mixed_up(store: MemoryStore, folder: Path) -> None:
    with Opened(store, folder, OtherEmbedder()) as library:
        assert library.settled(30)
        assert found(library) == right(store)


def search_elsewhere(folder: Path, answers: "multiprocessing.Queue[object]") -> None:
    store = MemoryStore(a=many(300))
    with Opened(store, folder) as library:
        library.settled(10)
        answers.put((found(library) == right(store), library.degraded))


def test_a_second_process_answers_by_exact_search(store: MemoryStore, folder: Path) -> None:
    with Opened(store, folder) as library:
        assert library.settled(30)
        context = multiprocessing.get_context("spawn")
        answers: multiprocessing.Queue[object] = context.Queue()
        other = context.Process(target=search_elsewhere, args=(folder, answers))
        other.start()
        assert answers.get(timeout=60) == (True, ())
        other.join()
        assert found(library) == right(store)


def test_a_rebuild_leaves_one_new_folder(store: MemoryStore, folder: Path) -> None:
    with Opened(store, folder) as library:
        assert library.settled(30)
        assert library.rebuild(30)
        assert found(library) == right(store)
    assert [path.name for path in folder.glob("g*")] == ["g2"]
