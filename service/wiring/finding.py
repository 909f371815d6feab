"""Who has the search index."""

from retrieval.generations import Generations
from service.settings import Settings

CHROMA = "chroma"
"""Folder of the embedded index, in the data folder."""


def index_is_taken(settings: Settings) -> bool:
    """Whether a process holds the embedded index; also this one, if it does."""
    if settings.chroma_url:
        return False
    folder = Generations(settings.data / CHROMA)
    free = folder.acquire()
    folder.release()
    return not free
