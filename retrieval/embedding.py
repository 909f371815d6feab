"""Texts to vectors: what every embedder promises."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Unit vectors, one a row."""

Embed = Callable[[Sequence[str]], Sequence[Sequence[float]]]
"""Asks something outside for one vector a text, in order."""


BUILTIN = "builtin"
"""How the names of built-in embedders begin."""


class EmbedderUnavailableError(Exception):
    """The embedder cannot be loaded or does not answer; the text says why and what would help."""


class Embedder(Protocol):
    """Turns texts into unit vectors. Thread-safe; the same text gives the same vector in every process."""

    @property
    def name(self) -> str:
        """Vectors of two embedders compare only where the names are equal."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text, in order; a text without words gives a zero vector.

        Raises EmbedderUnavailableError.
        """
        ...


def knows_meanings(embedder: str) -> bool:
    """Whether vectors of the embedder of that name are near where texts mean the same, in other words too."""
    return not embedder.startswith(BUILTIN)


def unit(vectors: NDArray[np.floating]) -> Vectors:
    """Rows at length 1; rows that are zero or not finite become zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    sound = np.isfinite(lengths) & (lengths > 0)
    return np.where(sound, vectors / np.where(sound, lengths, 1), 0).astype(np.float32)
