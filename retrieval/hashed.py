"""The built-in embedder: hashed words and word parts, without a model, a download or a state."""

import math
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding import BUILTIN, Vectors, unit
from retrieval.words import stems, words

DIMENSIONS = 1024
"""Measured (docs/adr/0004): 512 loses 7 points of nearest-neighbour accuracy, 2048 gains 2 for twice the memory."""

LONGEST = 2_000
"""Words of a text that count; the rest of a longer one is not read."""

_PART_SIZES = range(4, 7)
_PARTS_SHARE = 0.7
_CACHED_WORDS = 16_000
_COMMON_WORDS = Path(__file__).with_name("common_words.txt")


class Parts(NamedTuple):
    """Where a word's parts stand in the vector, and their signs."""

    slots: NDArray[np.intp]
    signs: NDArray[np.float64]


class HashedEmbedder:
    """Stems and character n-grams by signed feature hashing (Weinberger et al. 2009, arXiv:0902.2206).

    A word counts by its sublinear frequency and by how rare it is in letters to a company at large
    (`common_words.txt`), so that no statistics of the collection are needed. Stems and n-grams (of 4
    to 6 characters, inside words) are normalised apart and added 1 : 0.7. About 0.2 ms a message.
    """

    name = f"{BUILTIN}-1-{DIMENSIONS}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        return unit(np.array([_vector(text) for text in texts]).reshape(-1, DIMENSIONS))


def _vector(text: str) -> NDArray[np.float64]:
    found = words(text)[:LONGEST]
    stemmed = stems(found)
    weights = {stem: (1 + math.log(n)) * _RARITY.of(stem) for stem, n in Counter(stemmed).items()}
    places = [_stem_place(stem) for stem in weights]
    signed = np.array([sign * weight for (_, sign), weight in zip(places, weights.values(), strict=True)])
    return _normal(_summed([slot for slot, _ in places], signed)) + _PARTS_SHARE * _normal(
        _parts_of(dict(zip(found, stemmed, strict=True)), weights)
    )


def _parts_of(stem_of: dict[str, str], weights: dict[str, float]) -> NDArray[np.float64]:
    if not stem_of:
        return np.zeros(DIMENSIONS)
    parts = [_parts(word) for word in stem_of]
    weight = np.repeat([weights[stem] for stem in stem_of.values()], [len(part.slots) for part in parts])
    signs = np.concatenate([part.signs for part in parts])
    return _summed(np.concatenate([part.slots for part in parts]), signs * weight)


@lru_cache(maxsize=_CACHED_WORDS)
def _parts(word: str) -> Parts:
    places = [_place(part) for part in _ngrams(f" {word} ")]
    slots, signs = zip(*places, strict=True) if places else ((), ())
    return Parts(np.array(slots, dtype=np.intp), np.array(signs, dtype=np.float64))


def _ngrams(padded: str) -> Iterator[str]:
    for size in _PART_SIZES:
        for start in range(len(padded) - size + 1):
            yield padded[start : start + size]


@lru_cache(maxsize=_CACHED_WORDS)
def _stem_place(stem: str) -> tuple[int, float]:
    return _place(stem)


def _place(feature: str) -> tuple[int, float]:
    """CRC32 is the same in every process; its lowest bits give the slot, another one the sign."""
    checksum = zlib.crc32(feature.encode())
    mixed = (checksum * 0x9E3779B1 ^ checksum >> 15) & 0xFFFFFFFF
    return mixed % DIMENSIONS, 1.0 if mixed & 0x80000000 else -1.0


def _summed(slots: NDArray[np.intp] | list[int], values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.bincount(np.array(slots, dtype=np.intp), values, DIMENSIONS).astype(np.float64)


def _normal(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector


class Rarity:
    """How much a stem tells, by the share of letters that hold it: the logarithm of its inverse."""

    @cached_property
    def _table(self) -> dict[str, float]:
        lines = _COMMON_WORDS.read_text(encoding="utf-8").splitlines()
        pairs = (line.split() for line in lines if line and not line.startswith("#"))
        return {stem: -math.log(float(share)) for stem, share in pairs}

    @cached_property
    def _rarest(self) -> float:
        return max(self._table.values())

    def of(self, stem: str) -> float:
        return self._table.get(stem, self._rarest)


_RARITY = Rarity()
