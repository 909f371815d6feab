from pathlib import Path

import numpy as np
import pytest

from retrieval.embedding import EmbedderUnavailableError
from retrieval.local_model import local_embedder
from tests.retrieval.tiny_model import make_tiny_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_tiny_model(tmp_path / "tiny")


def test_a_folder_with_an_onnx_model_gives_unit_vectors_by_meaning(folder: Path) -> None:
    cat, dog, bill = local_embedder(str(folder)).embed(["chat", "chien", "facture paiement facture"])
    assert np.linalg.norm([cat, dog, bill], axis=1) == pytest.approx([1, 1, 1], abs=1e-6)
    assert cat @ dog > 0.9
    assert abs(cat @ bill) < 0.1


def test_padding_does_not_count(folder: Path) -> None:
    embedder = local_embedder(str(folder))
    alone, beside = embedder.embed(["chat"]), embedder.embed(["chat", "facture " * 50])
    assert alone[0] == pytest.approx(beside[0])


def test_empty_and_endless_texts_are_no_error(folder: Path) -> None:
    vectors = local_embedder(str(folder)).embed([" \n", "chat " * 10_000])
    assert [vector.any() for vector in vectors] == [False, True]
    assert np.isfinite(vectors).all()
    assert local_embedder(str(folder)).embed([]).shape[0] == 0


def test_the_name_changes_with_the_model(folder: Path, tmp_path: Path) -> None:
    other = make_tiny_model(tmp_path / "other")
    assert local_embedder(str(folder)).name == local_embedder(str(other)).name
    (other / "tokenizer.json").write_text((other / "tokenizer.json").read_text().replace("chien", "cheval"))
    assert local_embedder(str(folder)).name != local_embedder(str(other)).name


def test_what_is_missing_or_broken_is_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(EmbedderUnavailableError, match=r"model\.onnx"):
        local_embedder(str(tmp_path / "nowhere"))
    (folder / "model.onnx").write_bytes(b"nonsense")
    with pytest.raises(EmbedderUnavailableError, match="cannot be loaded"):
        local_embedder(str(folder))
    (folder / "tokenizer.json").unlink()
    with pytest.raises(EmbedderUnavailableError, match=r"tokenizer\.json is missing"):
        local_embedder(str(folder))
