"""A sentence embedder in a folder on this machine: an ONNX export, or a sentence-transformers model."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding import Embedder, EmbedderUnavailableError, Vectors, unit

LONGEST_TOKENS = 256
_AT_ONCE = 16


def local_embedder(place: str) -> Embedder:
    """The model in the folder `place`, or the sentence-transformers model of that name.

    A folder with `model.onnx` (or `onnx/model.onnx`) and `tokenizer.json` runs on onnxruntime; any
    other needs the optional package sentence-transformers. Raises EmbedderUnavailableError.
    """
    folder = Path(place)
    for model in (folder / "model.onnx", folder / "onnx" / "model.onnx"):
        if model.is_file():
            return OnnxEmbedder(model, folder / "tokenizer.json")
    return SentenceTransformer(place)


class OnnxEmbedder:
    """Mean of the last hidden states over the tokens (Reimers and Gurevych 2019, arXiv:1908.10084).

    Takes `input_ids`, `attention_mask` and, where the model has it, `token_type_ids`; reads the first
    output, shaped [batch, token, dimension] or, already pooled, [batch, dimension].
    """

    def __init__(self, model: Path, tokenizer: Path) -> None:
        if not tokenizer.is_file():
            raise EmbedderUnavailableError(f"{tokenizer} is missing: export the tokenizer beside the model.")
        try:
            self._tokenizer = _tokenizer(tokenizer)
            self._session = _session(model)
        except Exception as fault:
            raise EmbedderUnavailableError(f"{model} cannot be loaded: {fault}") from fault
        self._inputs = {given.name for given in self._session.get_inputs()}
        self.name = f"local-{_fingerprint(model, tokenizer)}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        batches = [self._embedded(texts[start : start + _AT_ONCE]) for start in range(0, len(texts), _AT_ONCE)]
        return _of_spoken(np.concatenate(batches), texts) if batches else np.zeros((0, 1), dtype=np.float32)

    def _embedded(self, texts: Sequence[str]) -> NDArray[np.floating]:
        encoded = self._tokenizer.encode_batch(list(texts))
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        ids = np.array([one.ids for one in encoded], dtype=np.int64)
        offered = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        try:
            states = self._session.run(None, {name: offered[name] for name in offered if name in self._inputs})[0]
        except Exception as fault:
            raise EmbedderUnavailableError(f"The model failed: {fault}") from fault
        if states.ndim == 2:
            return np.asarray(states)
        weights = mask[:, :, None].astype(np.float32)
        return np.asarray((states * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1))


class SentenceTransformer:
    """A model of the optional package sentence-transformers; a name is looked up in its local cache only."""

    def __init__(self, place: str) -> None:
        try:
            import sentence_transformers  # noqa: PLC0415  (optional, and it takes seconds)
        except ImportError as fault:
            raise EmbedderUnavailableError(
                f"{place} holds no model.onnx; install sentence-transformers to use it, or export it to ONNX."
            ) from fault
        try:
            self._model = sentence_transformers.SentenceTransformer(place, device="cpu", local_files_only=True)
        except Exception as fault:
            raise EmbedderUnavailableError(f"{place} cannot be loaded: {fault}") from fault
        self.name = f"local-{Path(place).name}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        return _of_spoken(np.asarray(self._model.encode(list(texts), show_progress_bar=False)), texts)


def _of_spoken(vectors: NDArray[np.floating], texts: Sequence[str]) -> Vectors:
    """A model says something of blank texts too; as all are alike to it, they would be each other's nearest."""
    spoken = np.array([bool(text.strip()) for text in texts])
    return unit(np.where(spoken[:, None], vectors, 0))


def _session(model: Path) -> Any:
    import onnxruntime  # noqa: PLC0415  (only where a local model is configured)

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def _tokenizer(file: Path) -> Any:
    import tokenizers  # noqa: PLC0415

    tokenizer = tokenizers.Tokenizer.from_file(str(file))
    padding = json.loads(file.read_text(encoding="utf-8")).get("padding") or {}
    tokenizer.enable_truncation(LONGEST_TOKENS)
    tokenizer.enable_padding(pad_id=padding.get("pad_id", 0), pad_token=padding.get("pad_token", "[PAD]"))
    return tokenizer


def _fingerprint(*files: Path) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()
