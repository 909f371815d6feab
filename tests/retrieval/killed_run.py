"""Writes passages to an index until it is killed: `python -m tests.retrieval.killed_run FOLDER COUNT`.

Says how many passages it has, a line each time. An index that writes itself to disk all the time is
the easiest one to hurt.
"""

import sys
from pathlib import Path

from retrieval.chroma import HNSW, EmbeddedChroma
from retrieval.hashed import HashedEmbedder
from retrieval.library import Library
from retrieval.upkeep import KeptIndex
from tests.retrieval.stores import MemoryStore, many

TIRELESS = {**HNSW, "sync_threshold": 20, "batch_size": 10}
STEP = 20


def open_library(store: MemoryStore, folder: Path) -> Library:
    return Library(store, HashedEmbedder(), KeptIndex(EmbeddedChroma(folder, TIRELESS)))


def main(folder: Path, count: int) -> None:
    store = MemoryStore(a=many(count))
    library = open_library(store, folder)
    library.prepare("a")
    library.settled(30)
    while True:
        store.put("a", many(STEP, start=count))
        count += STEP
        library.search("a", f"dossier {count}", 1)
        sys.stdout.write(f"{count}\n")
        sys.stdout.flush()
        library.settled(5)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
