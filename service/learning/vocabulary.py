"""From words to numbers: TF-IDF over stems and characters, read without scikit-learn.

Three blocks stand side by side: stems and pairs of stems, characters 2 to 5 inside words, and where
the message came in. The first two are cosine-normalised each, so that neither drowns the other.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log

import numpy as np
from numpy.typing import NDArray

from service.learning.reading import Reading

Floats = NDArray[np.float32]
Columns = NDArray[np.int32]

SHORTEST, LONGEST = 2, 5
ROUTE_WEIGHT = 0.2
REMEMBERED_WORDS = 50_000
MOST_COLUMNS = 400_000


@dataclass(frozen=True, slots=True)
class Features:
    """One message as sparse numbers: `values[i]` stands in column `columns[i]`."""

    columns: Columns
    values: Floats


@dataclass(frozen=True)
class Vocabulary:
    """Columns of the terms, in the order stems, characters, routes; `idf` is one number a column,
    `strange_idf` that of a term without one."""

    stems: Sequence[str]
    grams: Sequence[str]
    routes: Sequence[str]
    idf: Floats
    strange_idf: float = 1.0
    _stem_at: dict[str, int] = field(init=False, repr=False, compare=False)
    _gram_at: dict[str, int] = field(init=False, repr=False, compare=False)
    _route_at: dict[str, int] = field(init=False, repr=False, compare=False)
    _grams_of: dict[str, tuple[int, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        shift = len(self.stems)
        object.__setattr__(self, "_stem_at", {term: at for at, term in enumerate(self.stems)})
        object.__setattr__(self, "_gram_at", {term: at + shift for at, term in enumerate(self.grams)})
        shift += len(self.grams)
        object.__setattr__(self, "_route_at", {term: at + shift for at, term in enumerate(self.routes)})

    @property
    def size(self) -> int:
        return len(self.stems) + len(self.grams) + len(self.routes)

    def __call__(self, reading: Reading) -> Features:
        stems = self._block(self.columns_of_stems(reading))
        grams = self._block(self.columns_of_grams(reading))
        routes = [self._route_at[route] for route in _routes(reading) if route in self._route_at]
        columns = np.concatenate([stems.columns, grams.columns, np.array(routes, dtype=np.int32)])
        weights = np.full(len(routes), ROUTE_WEIGHT, dtype=np.float32)
        return Features(columns, np.concatenate([stems.values, grams.values, weights]))

    def columns_of_stems(self, reading: Reading) -> list[int]:
        """-1 for each that is not known."""
        return [self._stem_at.get(term, -1) for term in stem_terms(reading)]

    def column_of_stem(self, stem: str) -> int:
        """-1 where it is not known."""
        return self._stem_at.get(stem, -1)

    def columns_of_grams(self, reading: Reading) -> list[int]:
        return [column for word in reading.words for column in self.columns_of_word(word)]

    def columns_of_word(self, word: str) -> tuple[int, ...]:
        """Columns of the characters of one folded word; remembered, since few words make most text."""
        known = self._grams_of.get(word)
        if known is None:
            known = tuple(self._gram_at.get(gram, -1) for gram in grams_of(word))
            if len(self._grams_of) < REMEMBERED_WORDS:
                self._grams_of[word] = known
        return known

    def known_share(self, reading: Reading) -> float:
        """Share of the message's stems that confirmed messages or the playbook have ever used."""
        if not reading.stems:
            return 0.0
        return sum(stem in self._stem_at for stem in reading.stems) / len(reading.stems)

    def _block(self, columns: Sequence[int]) -> Features:
        """Terms that are not known count in the length: a message of strange words says little about any queue.

        Left out, they would make what is known look louder than it did in the messages held out when the
        probabilities were calibrated, all of whose terms have columns.
        """
        found, counts = np.unique(np.array(columns, dtype=np.int32), return_counts=True)
        strange = 0
        if len(found) and found[0] < 0:
            strange, found, counts = int(counts[0]), found[1:], counts[1:]
        values = (1.0 + np.log(counts)) * self.idf[found]
        length = float(np.sqrt((values * values).sum() + strange * self.strange_idf**2)) or 1.0
        return Features(found, (values / length).astype(np.float32))


def build_vocabulary(readings: Sequence[Reading]) -> Vocabulary:
    """Every term of the texts; where they are too many, those of the most texts. Same texts, same vocabulary."""
    stems = _frequencies(set(stem_terms(reading)) for reading in readings)
    grams = _frequencies({gram for word in set(reading.words) for gram in grams_of(word)} for reading in readings)
    routes = sorted({route for reading in readings for route in _routes(reading)})
    kept = [_most_frequent(frequencies, MOST_COLUMNS // 2) for frequencies in (stems, grams)]
    seen = [stems[term] for term in kept[0]] + [grams[term] for term in kept[1]]
    idf = [log((1 + len(readings)) / (1 + times)) + 1 for times in seen] + [1.0] * len(routes)
    strange = round(log((1 + len(readings)) / 2) + 1, 6)
    return Vocabulary(kept[0], kept[1], routes, np.array(idf, dtype=np.float32), strange)


def stem_terms(reading: Reading) -> Iterable[str]:
    """Stems, and pairs of stems that follow each other; no pair reaches from the subject into the body."""
    yield from reading.stems
    for at in range(len(reading.stems) - 1):
        if at + 1 != reading.subject:
            yield f"{reading.stems[at]} {reading.stems[at + 1]}"


def grams_of(word: str) -> Iterable[str]:
    """Runs of 2 to 5 characters of a word with a space at either end; a marker such as `[[iban]]` is one run."""
    if word.startswith("[["):
        return (word,)
    padded = f" {word} "
    return (
        padded[start : start + length]
        for length in range(SHORTEST, min(LONGEST, len(padded)) + 1)
        for start in range(len(padded) - length + 1)
    )


def _routes(reading: Reading) -> tuple[str, ...]:
    return tuple(
        f"{name}:{value}" for name, value in (("channel", reading.channel), ("recipient", reading.recipient)) if value
    )


def _frequencies(texts: Iterable[set[str]]) -> Mapping[str, int]:
    seen: Counter[str] = Counter()
    for terms in texts:
        seen.update(terms)
    return seen


def _most_frequent(frequencies: Mapping[str, int], most: int) -> list[str]:
    if len(frequencies) <= most:
        return sorted(frequencies)
    return sorted(sorted(frequencies, key=lambda term: (-frequencies[term], term))[:most])
