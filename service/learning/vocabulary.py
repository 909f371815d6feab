"""From words to numbers: TF-IDF over stems and characters, read without scikit-learn.

Four blocks stand side by side: stems, pairs of stems near each other, characters 4 and 5 inside words,
and where the message came in. The first three are cosine-normalised each and then weighted, so that none
drowns the others. Pairs weigh most: two messages that share one say alike things oftener than two that
share a word.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log

import numpy as np
from numpy.typing import NDArray

from service.learning.reading import Reading

Floats = NDArray[np.float32]
Columns = NDArray[np.int32]

SHORTEST, LONGEST = 4, 5
"""Characters. Runs of 2 and 3 double the columns of a message and tell nothing more, once examples are many."""
FARTHEST = 3
"""Words from the first of a pair to the second, at most."""
BLOCK_WEIGHTS = STEM_WEIGHT, PAIR_WEIGHT, GRAM_WEIGHT = 0.84, 1.18, 0.77
ROUTE_WEIGHT = 0.2
REMEMBERED_WORDS = 50_000
MOST_COLUMNS = 150_000
"""Of each block."""
MANY_TEXTS = 2_000
"""From so many texts on, pairs and runs of characters that only one of them has are left out: half of all columns,
and nothing lost."""


@dataclass(frozen=True, slots=True)
class Features:
    """One message as sparse numbers: `values[i]` stands in column `columns[i]`."""

    columns: Columns
    values: Floats


@dataclass(frozen=True)
class Vocabulary:
    """Columns of the terms, in the order stems, pairs, characters, routes; `idf` is one number a column,
    `strange_idf` that of a term without one."""

    stems: Sequence[str]
    pairs: Sequence[str]
    grams: Sequence[str]
    routes: Sequence[str]
    idf: Floats
    strange_idf: float = 1.0
    _stem_at: dict[str, int] = field(init=False, repr=False, compare=False)
    _pair_at: dict[str, int] = field(init=False, repr=False, compare=False)
    _gram_at: dict[str, int] = field(init=False, repr=False, compare=False)
    _route_at: dict[str, int] = field(init=False, repr=False, compare=False)
    _grams_of: dict[str, tuple[int, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        start = 0
        for name, terms in zip(("_stem_at", "_pair_at", "_gram_at", "_route_at"), self.blocks, strict=True):
            object.__setattr__(self, name, {term: at for at, term in enumerate(terms, start)})
            start += len(terms)

    @property
    def blocks(self) -> tuple[Sequence[str], ...]:
        return self.stems, self.pairs, self.grams, self.routes

    @property
    def terms(self) -> int:
        """Columns of stems and pairs, which come first."""
        return len(self.stems) + len(self.pairs)

    @property
    def size(self) -> int:
        return sum(len(terms) for terms in self.blocks)

    def __call__(self, reading: Reading) -> Features:
        routes = self.columns_of_routes(reading)
        blocks = (
            self._block(self.columns_of_stems(reading), STEM_WEIGHT),
            self._block(self.columns_of_pairs(reading), PAIR_WEIGHT),
            self._block(self.columns_of_grams(reading), GRAM_WEIGHT),
            Features(np.array(routes, dtype=np.int32), np.full(len(routes), ROUTE_WEIGHT, dtype=np.float32)),
        )
        return Features(
            np.concatenate([block.columns for block in blocks]), np.concatenate([block.values for block in blocks])
        )

    def columns_of_stems(self, reading: Reading) -> list[int]:
        """-1 for each that is not known."""
        return [self._stem_at.get(term, -1) for term in reading.stems]

    def columns_of_pairs(self, reading: Reading) -> list[int]:
        return [self._pair_at.get(pair, -1) for pair in pairs_of(reading)]

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

    def columns_of_routes(self, reading: Reading) -> list[int]:
        """Of the known ones alone."""
        return [self._route_at[route] for route in _routes(reading) if route in self._route_at]

    def known_share(self, reading: Reading) -> float:
        """Share of the message's stems that confirmed messages or the playbook have ever used."""
        if not reading.stems:
            return 0.0
        return sum(stem in self._stem_at for stem in reading.stems) / len(reading.stems)

    def _block(self, columns: Sequence[int], weight: float) -> Features:
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
        return Features(found, (values * (weight / length)).astype(np.float32))


def build_vocabulary(readings: Sequence[Reading]) -> Vocabulary:
    """The terms of the texts; where they are too many, those of the most texts. Same texts, same vocabulary."""
    frequencies = (
        _frequencies(set(reading.stems) for reading in readings),
        _frequencies(set(pairs_of(reading)) for reading in readings),
        _frequencies({gram for word in set(reading.words) for gram in grams_of(word)} for reading in readings),
    )
    rarest = 1 if len(readings) < MANY_TEXTS else 2
    kept = [_most_frequent(seen, rare) for seen, rare in zip(frequencies, (1, rarest, rarest), strict=True)]
    routes = sorted({route for reading in readings for route in _routes(reading)})
    times = [seen[term] for seen, terms in zip(frequencies, kept, strict=True) for term in terms]
    idf = [log((1 + len(readings)) / (1 + each)) + 1 for each in times] + [1.0] * len(routes)
    strange = round(log((1 + len(readings)) / 2) + 1, 6)
    return Vocabulary(kept[0], kept[1], kept[2], routes, np.array(idf, dtype=np.float32), strange)


def pairs_of(reading: Reading) -> list[str]:
    """Pairs of stems up to three words apart, those side by side told from the others; none reaches from the
    subject into the body."""
    stems, ends = reading.stems, (reading.subject, len(reading.stems))
    return [
        f"{stems[at]}{' ' if after == at + 1 else ' … '}{stems[after]}"
        for at in range(len(stems))
        for after in range(at + 1, min(at + 1 + FARTHEST, ends[at >= ends[0]]))
    ]


@lru_cache(maxsize=REMEMBERED_WORDS)
def grams_of(word: str) -> tuple[str, ...]:
    """Runs of 4 and 5 characters of a word with a space at either end; a marker such as `[[iban]]` is one run."""
    if word.startswith("[["):
        return (word,)
    padded = f" {word} "
    return tuple(
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


def _most_frequent(frequencies: Mapping[str, int], rarest: int) -> list[str]:
    terms = [term for term, times in frequencies.items() if times >= rarest]
    if len(terms) <= MOST_COLUMNS:
        return sorted(terms)
    return sorted(sorted(terms, key=lambda term: (-frequencies[term], term))[:MOST_COLUMNS])
