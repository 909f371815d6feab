"""Chooses the embedder and the index that the settings name."""

from retrieval.chroma import ChromaServer, EmbeddedChroma
from retrieval.embedding import Embedder
from retrieval.hashed import HashedEmbedder
from retrieval.upkeep import KeptIndex
from service.errors import FieldProblem, RefusedError
from service.settings import Settings

CHROMA = "chroma"
"""Folder of the embedded index, in the data folder."""


def open_embedder(settings: Settings) -> Embedder:
    """Raises RefusedError where `AIGUILLEUR_EMBEDDER` names none."""
    kind, _, name = settings.embedder.partition(":")
    if settings.embedder == "builtin":
        return HashedEmbedder()
    problem = FieldProblem("AIGUILLEUR_EMBEDDER", "give builtin, litellm:<model> or local:<path or name>")
    raise RefusedError(f"There is no embedder {settings.embedder!r}.", (problem,))


def open_index(settings: Settings) -> KeptIndex:
    """Nothing is opened before the first search."""
    if settings.chroma_url:
        return KeptIndex(ChromaServer(settings.chroma_url))
    return KeptIndex(EmbeddedChroma(settings.data / CHROMA))
