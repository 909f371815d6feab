"""From words to numbers: TF-IDF over stems and characters, read without scikit-learn.

Four blocks stand side by side: stems, pairs of stems near each other, runs of five characters inside words,
and where the message came in. The first three are cosine-normalised each and then weighted, so that none
drowns the others. Pairs weigh most: two messages that share one say alike things oftener than two that
share a word.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.spelling import LANGUAGE, meant
from retrieval.words import stem
from service.learning.reading import Reading

Floats = NDArray[np.float32]
Columns = NDArray[np.int32]
Places = NDArray[np.intp]

RUN = 5
"""Characters. Runs of 4 besides double the columns of a message and tell nothing more: stems tell short words."""
FARTHEST = 3
"""Words from the first of a pair to the second, at most."""
BLOCK_WEIGHTS = STEM_WEIGHT, PAIR_WEIGHT, GRAM_WEIGHT = 0.84, 1.18, 0.77
ROUTE_WEIGHT = 0.2
REMEMBERED_WORDS = 16_000
"""In 9 MB."""
MOST_COLUMNS = 150_000
"""Of each block."""
MANY_TEXTS = 2_000
"""From so many texts on, pairs and runs of characters that only one of them has are left out: half of all columns,
and nothing lost."""


APART = " … "
"""Between the two stems of a pair that do not stand side by side."""
_LOOKED_UP = ("_stem_at", "_gram_at", "_route_at")


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
    _gram_at: dict[str, int] = field(init=False, repr=False, compare=False)
    _route_at: dict[str, int] = field(init=False, repr=False, compare=False)
    _grams_of: dict[str, tuple[int, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        starts = (0, self.terms, self.terms + len(self.grams))
        for name, terms, start in zip(_LOOKED_UP, (self.stems, self.grams, self.routes), starts, strict=True):
            object.__setattr__(self, name, {term: at for at, term in enumerate(terms, start)})

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
        """-1 for each that is not known; a misspelt French word has the column of what it stands for."""
        at = self._stem_at
        if reading.language != LANGUAGE:
            return [at.get(term, -1) for term in reading.stems]
        pairs = zip(reading.words, reading.stems, strict=True)
        return [at[term] if term in at else self._meant(word) for word, term in pairs]

    def _meant(self, word: str) -> int:
        """The most usual here of what a word may stand for."""
        at = self._stem_at
        found = [at[known] for one in meant(word) if (known := stem(one)) in at]
        return min(found, key=self.idf.__getitem__, default=-1)

    def columns_of_pairs(self, reading: Reading) -> Places:
        """In the order of `places_of_pairs`, -1 for each that is not known."""
        stems = np.array(self.columns_of_stems(reading), dtype=np.int64)
        return self.columns_between(stems, *places_of_pairs(len(stems), reading.subject))

    def columns_between(self, stems: Places, first: Places, after: Places) -> Places:
        """Of the pairs of words `first[i]` and `after[i]`, whose stems have these columns."""
        numbers, columns = self._pairs
        if not len(numbers) or not len(first):
            return np.full(len(first), -1, dtype=np.intp)
        known = (stems[first] >= 0) & (stems[after] >= 0)
        sought = np.where(known, self._number(stems[first], stems[after], after == first + 1), -1)
        places = np.minimum(np.searchsorted(numbers, sought), len(numbers) - 1)
        return np.where(numbers[places] == sought, columns[places], -1)

    @cached_property
    def _pairs(self) -> tuple[NDArray[np.int64], Places]:
        """The pairs as numbers, in order, and the column of each: a message's pairs are sought all at once, where
        looking for each one's words in a large table takes longer than all else that is read of it."""
        words = "\n".join(self.pairs).replace(APART, " ").replace("\n", " ").split(" ") if self.pairs else []
        places = np.array([self._stem_at.get(word, -1) for word in words], dtype=np.int64)
        first, after = places[::2], places[1::2]
        numbers = self._number(first, after, np.array([APART not in pair for pair in self.pairs], dtype=bool))
        numbers = np.where((first >= 0) & (after >= 0), numbers, -2)
        order = np.argsort(numbers, kind="stable")
        return numbers[order], order + len(self.stems)

    def _number(self, first: Places, after: Places, beside: NDArray[np.bool_]) -> Any:
        """One number for each pair of columns of stems."""
        return (first * len(self.stems) + after) * 2 + beside

    def columns_of_grams(self, reading: Reading) -> list[int]:
        return [column for word in reading.words for column in self.columns_of_word(word)]

    def columns_of_word(self, word: str) -> tuple[int, ...]:
        """Columns of the characters of one folded word; remembered, since few words make most text."""
        known = self._grams_of.get(word)
        if known is None:
            known = tuple(self._gram_at.get(gram, -1) for gram in runs_of(word))
            if len(self._grams_of) < REMEMBERED_WORDS:
                self._grams_of[word] = known
        return known

    def columns_of_routes(self, reading: Reading) -> list[int]:
        """Of the known ones alone."""
        return [self._route_at[route] for route in routes_of(reading) if route in self._route_at]

    def known_share(self, reading: Reading) -> float:
        """Share of the message's stems that confirmed messages or the playbook have ever used."""
        if not reading.stems:
            return 0.0
        return sum(column >= 0 for column in self.columns_of_stems(reading)) / len(reading.stems)

    def _block(self, columns: Sequence[int] | Places, weight: float) -> Features:
        """Terms that are not known count in the length: a message of strange words says little about any queue.

        Left out, they would make what is known look louder than it did in the messages held out when the
        probabilities were calibrated, all of whose terms have columns.
        """
        found, counts = np.unique(np.asarray(columns, dtype=np.int32), return_counts=True)
        strange = 0
        if len(found) and found[0] < 0:
            strange, found, counts = int(counts[0]), found[1:], counts[1:]
        values = (1.0 + np.log(counts)) * self.idf[found]
        length = float(np.sqrt((values * values).sum() + strange * self.strange_idf**2)) or 1.0
        return Features(found, (values * (weight / length)).astype(np.float32))


def places_of_pairs(count: int, subject: int) -> tuple[Places, Places]:
    """Words of each pair, in the order of the text: up to `FARTHEST` words apart; none reaches from the subject, the
    first so many words, into the body."""
    first = np.repeat(np.arange(count), FARTHEST)
    after = first + np.tile(np.arange(1, FARTHEST + 1), count)
    kept = after < np.where(first < subject, subject, count)
    return first[kept], after[kept]


def joined(first: str, second: str, near: bool) -> str:
    """The name of a pair; `near`: the stems stand side by side."""
    return f"{first}{' ' if near else APART}{second}"


def runs_of(word: str) -> tuple[str, ...]:
    """Runs of five characters of a word with a space at either end; a marker such as `[[iban]]` is one run."""
    if word.startswith("[["):
        return (word,)
    padded = f" {word} "
    return tuple(padded[start : start + RUN] for start in range(len(padded) - RUN + 1))


def routes_of(reading: Reading) -> tuple[str, ...]:
    return tuple(
        f"{name}:{value}" for name, value in (("channel", reading.channel), ("recipient", reading.recipient)) if value
    )


grams_of = lru_cache(maxsize=REMEMBERED_WORDS)(runs_of)
"""Remembered, for whoever reads the same words again and again to learn from them."""
