"""An embedder that asks something outside for its vectors."""

from collections.abc import Sequence

import numpy as np

from retrieval.embedding import Embed, EmbedderUnavailableError, Vectors, unit

LONGEST_CHARS = 8_000
"""Characters of a text that are sent; hosted models refuse or cut longer ones."""
_ANY_WORD = "a"
"""Sent where all texts are blank, to learn how long vectors are: those of one embedder stand in one matrix."""


class OutsideEmbedder:
    """`ask` gives one vector a text, in order; whatever it raises counts as not answering."""

    def __init__(self, name: str, ask: Embed) -> None:
        self.name = name
        self._ask = ask
        self._dimensions = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        spoken = [position for position, text in enumerate(texts) if text.strip()]
        answer = self._asked([texts[position][:LONGEST_CHARS] for position in spoken]) if spoken else None
        if texts and not self._dimensions:
            self._asked([_ANY_WORD])
        vectors = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        if answer is not None:
            vectors[spoken] = answer
        return vectors

    def _asked(self, texts: Sequence[str]) -> Vectors:
        try:
            answer = np.array(self._ask(texts), dtype=np.float64)
        except Exception as fault:
            raise EmbedderUnavailableError(f"The embedder {self.name} does not answer: {fault}") from fault
        if answer.ndim != 2 or len(answer) != len(texts):
            raise EmbedderUnavailableError(f"The embedder {self.name} did not give one vector a text.")
        self._dimensions = answer.shape[1]
        return unit(answer)
