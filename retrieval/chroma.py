"""Chroma, embedded in a folder or on a server. The only file that imports it; the truth is never here."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromadb
import httpx
import numpy as np
from chromadb.config import Settings
from numpy.typing import NDArray

from retrieval.generations import Generations
from retrieval.passages import Vector
from retrieval.places import IndexBrokenError, IndexDownError, IndexTakenError
from retrieval.snapshot import Near

HNSW = {"space": "cosine", "max_neighbors": 32, "ef_construction": 200, "ef_search": 200, "sync_threshold": 1_000}
"""Measured: docs/adr/0003-chroma-is-an-index.md."""

BATCH = 1_000
"""Vectors written at once; as many as `sync_threshold`, so that a new index is on disk when it is made."""

ANSWERS_WITHIN_S = 1.0
_WRITES_WITHIN_S = 30.0
_DIGEST, _STAMP = "digest", "revision"
_SETTINGS: dict[str, Any] = {"anonymized_telemetry": False}


class Chroma:
    """A `places.Place` over a client, embedded (`generations`) or of a server (`session`)."""

    def __init__(
        self,
        client: Any,
        generations: Generations | None = None,
        session: httpx.Client | None = None,
        hnsw: Mapping[str, Any] = HNSW,
    ) -> None:
        self._client = client
        self._hnsw = dict(hnsw)
        self._generations = generations
        self._session = session
        self._sets: dict[str, Any] = {}

    def held(self, name: str) -> dict[str, str]:
        with self._patiently():
            found = self._set(name).get(include=["metadatas"])
            digests = (str((data or {}).get(_DIGEST, "")) for data in found["metadatas"])
            return dict(zip(found["ids"], digests, strict=True))

    def stamp(self, name: str) -> int:
        with _translated():
            self._sets.pop(name, None)
            return int((self._set(name).metadata or {}).get(_STAMP, -1))

    def set_stamp(self, name: str, revision: int) -> None:
        with self._patiently():
            self._set(name).modify(metadata={_STAMP: revision})

    def put(self, name: str, ids: Sequence[str], vectors: NDArray[np.float32], digests: Sequence[str]) -> None:
        with self._patiently():
            for start in range(0, len(ids), BATCH):
                part = slice(start, start + BATCH)
                metadata = [{_DIGEST: digest} for digest in digests[part]]
                self._set(name).upsert(ids=list(ids[part]), embeddings=vectors[part], metadatas=metadata)

    def delete(self, name: str, ids: Sequence[str]) -> None:
        with self._patiently():
            for start in range(0, len(ids), BATCH):
                self._set(name).delete(ids=list(ids[start : start + BATCH]))

    def count(self, name: str) -> int:
        with _translated():
            return int(self._set(name).count())

    def nearest(self, name: str, vector: Vector, limit: int) -> Near:
        with _translated():
            found = self._set(name).query(query_embeddings=[vector], n_results=limit, include=["distances"])
            return [(key, 1.0 - far) for key, far in zip(found["ids"][0], found["distances"][0], strict=True)]

    def check_size(self, vectors: int) -> None:
        if self._generations is not None and not self._generations.sound(vectors):
            raise IndexBrokenError("The index's files have grown without bound.")

    def discard(self) -> None:
        if self._generations is None:
            for name, known in self._sets.items():
                self._discard_set(name, known)
        self.close()
        if self._generations is not None:
            self._generations.next()

    def close(self) -> None:
        self._sets = {}
        with suppress(Exception):
            self._client.close()
        for session in _sessions(self._client):
            session.close()

    def _discard_set(self, name: str, known: Any) -> None:
        """On a server, a set that another process has made anew meanwhile is left alone."""
        with suppress(Exception):
            if self._client.get_collection(name, embedding_function=None).id == known.id:
                self._client.delete_collection(name)

    def _set(self, name: str) -> Any:
        if name not in self._sets:
            self._sets[name] = self._client.get_or_create_collection(
                name, embedding_function=None, configuration={"hnsw": self._hnsw}
            )
        return self._sets[name]

    @contextmanager
    def _patiently(self) -> Iterator[None]:
        """What the one writing thread does takes longer than a query may."""
        with _translated():
            if self._session is None:
                yield
                return
            self._session.timeout = httpx.Timeout(_WRITES_WITHIN_S)
            try:
                yield
            finally:
                self._session.timeout = httpx.Timeout(ANSWERS_WITHIN_S)


class EmbeddedChroma:
    """A `places.PlaceOpener` of an index in `folder`, for one process at a time."""

    def __init__(self, folder: Path, hnsw: Mapping[str, Any] = HNSW) -> None:
        self._generations = Generations(folder)
        self._hnsw = hnsw

    def open(self) -> Chroma:
        if not self._generations.acquire():
            raise IndexTakenError("Another process is using the index.")
        try:
            if not self._generations.sound():
                raise IndexBrokenError("The index's files have grown without bound.")
            with _translated():
                client = chromadb.PersistentClient(str(self._generations.newest()), settings=Settings(**_SETTINGS))
                return Chroma(client, self._generations, hnsw=self._hnsw)
        except IndexBrokenError:
            self._generations.next()
            raise

    def release(self) -> None:
        self._generations.release()


class ChromaServer:
    """A `places.PlaceOpener` of the Chroma server at `url`, such as `http://chroma:8000`."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def open(self) -> Chroma:
        self._knock()
        at = urlsplit(self._url)
        secure = at.scheme == "https"
        host, port = at.hostname or "localhost", at.port or (443 if secure else 8000)
        with _translated():
            client = chromadb.HttpClient(host=host, port=port, ssl=secure, settings=Settings(**_SETTINGS))
        sessions = _sessions(client)
        if not sessions:
            raise IndexBrokenError("This version of the Chroma client cannot be given a timeout.")
        sessions[0].timeout = httpx.Timeout(ANSWERS_WITHIN_S)
        return Chroma(client, session=sessions[0])

    def release(self) -> None:
        """A server may be used by any number of processes."""

    def _knock(self) -> None:
        """The client's own first request would wait without end."""
        try:
            httpx.get(f"{self._url}/api/v2/heartbeat", timeout=ANSWERS_WITHIN_S).raise_for_status()
        except httpx.HTTPError as fault:
            raise IndexDownError(f"No Chroma server answers at {self._url} ({type(fault).__name__}).") from fault


def _sessions(client: Any) -> list[httpx.Client]:
    """A server's client has two, its own first; it closes neither, and gives neither a timeout."""
    servers = (getattr(client, "_server", None), getattr(getattr(client, "_admin_client", None), "_server", None))
    found = [getattr(server, "_session", None) for server in servers]
    return [session for session in found if isinstance(session, httpx.Client)]


@contextmanager
def _translated() -> Iterator[None]:
    """Everything that Chroma may raise, Rust panics included, as one of the two ways to fail."""
    try:
        yield
    except (IndexBrokenError, IndexDownError):
        raise
    except (httpx.HTTPError, ConnectionError, TimeoutError) as fault:
        raise IndexDownError(str(fault)) from fault
    except Exception as fault:
        raise IndexBrokenError(str(fault)) from fault
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":
            raise
        raise IndexBrokenError(str(fault)) from fault
