"""What is there: the store, and who has the search index."""

from pathlib import Path

from retrieval.generations import Generations
from retrieval.places import IndexBrokenError, IndexDownError
from service.settings import Settings

CHROMA = "chroma"
"""Folder of the embedded index, in the data folder."""


def store_is_there(settings: Settings) -> bool:
    """Whether the file of an embedded database is there; of a server, nothing is known before it is asked."""
    kind, _, file = settings.database.partition(":///")
    return not kind.startswith("sqlite") or Path(file).exists()


def index_is_taken(settings: Settings) -> bool:
    """Whether a process holds the embedded index; also this one, if it does."""
    if settings.chroma_url or not (settings.data / CHROMA).exists():
        return False
    folder = Generations(settings.data / CHROMA)
    free = folder.acquire()
    folder.release()
    return not free


def chroma_answers(settings: Settings) -> bool:
    """Whether the Chroma server that the settings name answers. Waits a second at most."""
    from retrieval.chroma import ChromaServer  # noqa: PLC0415 - one second

    try:
        ChromaServer(settings.chroma_url).open().close()
    except (IndexBrokenError, IndexDownError):
        return False
    return True
