"""Many texts as numbers at once: each distinct word, pair of words and run of characters is looked up once, whatever
the number of texts, parts and folds that hold it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.learning.reading import Reading
from service.learning.vocabulary import (
    BLOCK_WEIGHTS,
    FARTHEST,
    MANY_TEXTS,
    MOST_COLUMNS,
    ROUTE_WEIGHT,
    Vocabulary,
    grams_of,
    joined,
    routes_of,
)

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Block:
    """`counts` [text, number] as a scipy CSR matrix says how often a text has each term; `named` gives the term of a
    number."""

    counts: Any
    named: Callable[[int], str]

    def chosen(self, texts: int, rarest: int) -> tuple[list[str], Numbers, Numbers]:
        """Terms that so many of the first texts have, those of the most texts where they are too many, in alphabetical
        order; their numbers; and how many of these texts have them."""
        first = self.counts[:texts]
        often = np.bincount(first.indices, minlength=first.shape[1])
        kept = np.flatnonzero(often >= rarest).tolist()
        terms = sorted((self.named(at), at) for at in kept)
        if len(terms) > MOST_COLUMNS:
            terms = sorted(sorted(terms, key=lambda one: (-often[one[1]], one[0]))[:MOST_COLUMNS])
        numbers = np.array([at for _, at in terms], dtype=np.int64)
        return [term for term, _ in terms], numbers, often[numbers]


class Corpus:
    """`readings` in the order of the rows of all that it gives."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self._readings = readings

    def vocabulary(self, texts: int) -> tuple[Vocabulary, Any]:
        """The terms of the first so many texts, and all texts as `Vocabulary.__call__` gives them, as a scipy CSR
        matrix. Where terms are too many, those of the most texts. Same texts, same vocabulary."""
        rarest = 1 if texts < MANY_TEXTS else 2
        found = [block.chosen(texts, rare) for block, rare in zip(self._blocks, (1, rarest, rarest), strict=True)]
        routes = sorted({route for reading in self._readings[:texts] for route in routes_of(reading)})
        often = [*np.concatenate([often for _, _, often in found]).tolist(), *[texts] * len(routes)]
        idf = np.array([log((1 + texts) / (1 + each)) + 1 for each in often], dtype=np.float32)
        strange = round(log((1 + texts) / 2) + 1, 6)
        stems, pairs, grams = (terms for terms, _, _ in found)
        vocabulary = Vocabulary(stems, pairs, grams, routes, idf, strange)
        return vocabulary, self._weighed(vocabulary, [numbers for _, numbers, _ in found])

    def _weighed(self, vocabulary: Vocabulary, numbers: Sequence[Numbers]) -> Any:
        from scipy.sparse import hstack  # noqa: PLC0415

        starts = np.cumsum([0, *(len(one) for one in numbers)])
        blocks = [
            _weighed(block.counts, kept, vocabulary.idf[start : start + len(kept)], vocabulary.strange_idf, weight)
            for block, kept, start, weight in zip(self._blocks, numbers, starts, BLOCK_WEIGHTS, strict=False)
        ]
        routed = [vocabulary.columns_of_routes(reading) for reading in self._readings]
        columns = np.fromiter(chain.from_iterable(routed), dtype=np.int64) - vocabulary.size + len(vocabulary.routes)
        routes = _rows(columns, [len(one) for one in routed], len(vocabulary.routes))
        return hstack([*blocks, routes * float(np.float32(ROUTE_WEIGHT))]).tocsr()

    @cached_property
    def _blocks(self) -> tuple[Block, Block, Block]:
        stems, words = (
            _numbered([one.stems for one in self._readings]),
            _numbered([one.words for one in self._readings]),
        )
        lengths = np.array([len(one.stems) for one in self._readings], dtype=np.int64)
        subjects = np.array([one.subject for one in self._readings], dtype=np.int64)
        return (
            Block(_rows(stems[0], lengths, len(stems[1])), stems[1].__getitem__),
            _pairs(*stems, lengths, subjects),
            _grams(_rows(words[0], [len(one.words) for one in self._readings], len(words[1])), words[1]),
        )


def _numbered(texts: Sequence[Sequence[str]]) -> tuple[Numbers, list[str]]:
    """A number for each occurrence, one text after the other, and the distinct words by number."""
    known: dict[str, int] = {}
    found = [known.setdefault(word, len(known)) for text in texts for word in text]
    return np.array(found, dtype=np.int64), list(known)


def _rows(columns: Numbers, lengths: Sequence[int] | Numbers, size: int) -> Any:
    """How often each column stands in a row, of columns one row after the other."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415

    starts = np.concatenate([[0], np.cumsum(np.asarray(lengths, dtype=np.int64))])
    found = csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(lengths), size))
    found.sum_duplicates()
    return found


def _pairs(at: Numbers, stems: Sequence[str], lengths: Numbers, subjects: Numbers) -> Block:
    """As `vocabulary.places_of_pairs` for each text: a pair is a number made of both stems' and their distance."""
    text = np.repeat(np.arange(len(lengths)), lengths)
    place = np.arange(len(at)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    part = 2 * text + (place >= subjects[text])
    keys, owners = [], []
    for distance in range(1, FARTHEST + 1):
        within = part[:-distance] == part[distance:]
        keys.append(((at[:-distance] * len(stems) + at[distance:]) * 2 + (distance > 1))[within])
        owners.append(text[:-distance][within])
    distinct, columns = np.unique(np.concatenate(keys), return_inverse=True)
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    counts = _rows(columns[order], np.bincount(owner, minlength=len(lengths)), len(distinct))

    def named(number: int) -> str:
        both, apart = divmod(int(distinct[number]), 2)
        first, second = divmod(both, len(stems))
        return joined(stems[first], stems[second], near=not apart)

    return Block(counts, named)


def _grams(counts: Any, words: Sequence[str]) -> Block:
    """`counts` [text, word]."""
    runs = [grams_of(word) for word in words]
    numbers, terms = _numbered(runs)
    found = (counts @ _rows(numbers, [len(one) for one in runs], len(terms))).tocsr()
    found.sort_indices()
    return Block(found, terms.__getitem__)


def _weighed(counts: Any, kept: Numbers, idf: NDArray[np.float32], strange_idf: float, weight: float) -> Any:
    """TF-IDF of the kept columns, in their order, each row at its weight's length; see `Vocabulary`."""
    known = counts[:, kept]
    strange = np.asarray(counts.sum(axis=1) - known.sum(axis=1)).ravel()
    known.data = (1 + np.log(known.data)) * idf[known.indices]
    length = np.sqrt(np.asarray(known.multiply(known).sum(axis=1)).ravel() + strange * strange_idf**2)
    scale = weight / np.where(length > 0, length, 1.0)
    known.data = (known.data * np.repeat(scale, np.diff(known.indptr))).astype(np.float32).astype(np.float64)
    return known
