from pathlib import Path

import numpy as np
import pytest

from retrieval.embedding import EmbedderUnavailableError
from service.connectors.embedders import embedder_of, library_of
from service.errors import RefusedError
from service.settings import Settings
from tests.loopback_model import LoopbackModel
from tests.retrieval.stores import MemoryStore, passages
from tests.retrieval.tiny_model import make_tiny_model


def settings(**given: object) -> Settings:
    return Settings(_env_file=None, **given)  # type: ignore[arg-type]


def test_a_hosted_model_is_asked_through_the_gateway() -> None:
    with LoopbackModel() as server:
        embedder = embedder_of(settings(embedder="litellm:openai/some", model_api_base=server.base, model_api_key="k"))
        vectors = embedder.embed(["clés perdues", "", "RIB", "clés perdues"])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 0, 1, 1], abs=1e-5)
    assert vectors[0] == pytest.approx(vectors[3])
    assert server.asked[-1].path.endswith("/embeddings")


def test_a_hosted_model_that_fails_leaves_search_by_words() -> None:
    with LoopbackModel(scripts={"": ["500"]}) as server:
        asking = settings(embedder="litellm:openai/some", model_api_base=server.base, model_api_key="k")
        with pytest.raises(EmbedderUnavailableError):
            embedder_of(asking).embed(["RIB"])
        library = library_of(asking, MemoryStore(a=passages()), indexed=False)
        assert library.search("a", "nouveau RIB", 1)[0].passage.id == "rib"
        assert library.degraded == ("embedder",)


def test_a_model_in_a_folder_is_loaded(tmp_path: Path) -> None:
    embedder = embedder_of(settings(embedder=f"local:{make_tiny_model(tmp_path)}"))
    assert embedder.embed(["chat"]).shape == (1, 3)


@pytest.mark.parametrize("name", ["", "builtin:x", "litellm:", "local:", "local:/nowhere/at/all", "magic"])
def test_a_name_that_means_nothing_is_refused_by_the_setting_s_name(name: str) -> None:
    with pytest.raises(RefusedError) as refused:
        embedder_of(settings(embedder=name))
    assert refused.value.problems[0].field == "AIGUILLEUR_EMBEDDER"


def test_the_library_indexes_in_the_data_folder(tmp_path: Path) -> None:
    library = library_of(settings(data=tmp_path), MemoryStore(a=passages()))
    library.prepare("a")
    assert library.settled(30)
    assert (tmp_path / "chroma" / "g1" / "chroma.sqlite3").is_file()
    library.close()
