"""The embedder that the settings name, and the library of passages over it."""

from collections.abc import Callable, Sequence
from functools import partial

from retrieval.embedding import Embedder, EmbedderUnavailableError
from retrieval.hashed import HashedEmbedder
from retrieval.library import EXACT_UP_TO, Library
from retrieval.local_model import local_embedder
from retrieval.outside import OutsideEmbedder
from retrieval.passages import PassageStore
from retrieval.places import Place, PlaceOpener
from retrieval.upkeep import KeptIndex
from service.errors import FieldProblem, RefusedError
from service.settings import Settings


def embedder_of(settings: Settings) -> Embedder:
    """Raises RefusedError where AIGUILLEUR_EMBEDDER names none, or one that cannot be loaded."""
    kind, _, name = settings.embedder.partition(":")
    if kind == "builtin" and not name:
        return HashedEmbedder()
    if kind == "litellm" and name:
        return OutsideEmbedder(settings.embedder, partial(_embed, settings, name))
    if kind == "local" and name:
        try:
            return local_embedder(name)
        except EmbedderUnavailableError as fault:
            raise _refused(str(fault)) from fault
    raise _refused(f"{settings.embedder!r} is not `builtin`, `litellm:<model>` or `local:<path or name>`.")


def library_of(
    settings: Settings, store: PassageStore, indexed: bool = True, embedder: Embedder | None = None
) -> Library:
    """Search over `store`. Without the index (bulk workers, one-shot commands) it starts at once and is exact."""
    embedder = embedder or embedder_of(settings)
    if not indexed:
        return Library(store, embedder)
    return Library(store, embedder, KeptIndex(_index(settings)), EXACT_UP_TO)


def _index(settings: Settings) -> PlaceOpener:
    return _FirstUsed(partial(_place, settings))


def _place(settings: Settings) -> PlaceOpener:
    from retrieval.chroma import ChromaServer, EmbeddedChroma  # noqa: PLC0415  (chromadb takes a second)

    return ChromaServer(settings.chroma_url) if settings.chroma_url else EmbeddedChroma(settings.data / "chroma")


class _FirstUsed:
    """A `retrieval.places.PlaceOpener` that is made, and chromadb loaded, on the index's own thread: exact search
    answers meanwhile, so that neither a start nor a message waits for it."""

    def __init__(self, make: Callable[[], PlaceOpener]) -> None:
        self._make = make
        self._opener: PlaceOpener | None = None

    def open(self) -> Place:
        if self._opener is None:
            self._opener = self._make()
        return self._opener.open()

    def release(self) -> None:
        if self._opener is not None:
            self._opener.release()


def _embed(settings: Settings, model: str, texts: Sequence[str]) -> list[list[float]]:
    from service.connectors.gateway import embed_texts  # noqa: PLC0415  (litellm behind it takes seconds)

    return embed_texts(
        model,
        texts,
        api_base=settings.model_api_base,
        api_key=settings.model_api_key.get_secret_value(),
        timeout=settings.model_timeout_s,
    )


def _refused(detail: str) -> RefusedError:
    return RefusedError(detail, (FieldProblem("AIGUILLEUR_EMBEDDER", detail),))
