"""An embedder that asks something outside for its vectors."""

from collections.abc import Sequence

import numpy as np

from retrieval.embedding import Embed, EmbedderUnavailableError, Vectors, unit

LONGEST_CHARS = 8_000
"""Characters of a text that are sent; hosted models refuse or cut longer ones."""


class OutsideEmbedder:
    """`ask` gives one vector a text, in order; whatever it raises counts as not answering."""

    def __init__(self, name: str, ask: Embed) -> None:
        self.name = name
        self._ask = ask

    def embed(self, texts: Sequence[str]) -> Vectors:
        spoken = [position for position, text in enumerate(texts) if text.strip()]
        if not spoken:
            return np.zeros((len(texts), 1), dtype=np.float32)
        try:
            answer = np.array(self._ask([texts[position][:LONGEST_CHARS] for position in spoken]), dtype=np.float64)
        except Exception as fault:
            raise EmbedderUnavailableError(f"The embedder {self.name} does not answer: {fault}") from fault
        if answer.ndim != 2 or len(answer) != len(spoken):
            raise EmbedderUnavailableError(f"The embedder {self.name} did not give one vector a text.")
        vectors = np.zeros((len(texts), answer.shape[1]), dtype=np.float32)
        vectors[spoken] = unit(answer)
        return vectors
