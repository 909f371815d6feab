"""A message and its sentences as numbers at once: each of its words, pairs and runs of characters is looked up once."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from service.learning.linear import Linear, Scores
from service.learning.reading import Reading
from service.learning.vocabulary import BLOCK_WEIGHTS, ROUTE_WEIGHT, Floats, Places, Vocabulary, places_of_pairs

Bounds = Sequence[tuple[int, int]]
"""First word of each part, and the first behind it."""


@dataclass(frozen=True, slots=True)
class Spread:
    """`values[0]` are the message's numbers in `columns`, `values[1:]` those of its parts, each as
    `Vocabulary.__call__` gives them for it alone; 0.0 where a part lacks the term.

    `terms[i]` is the place in `columns` of the i-th term that stands in one word, behind their end where it is not
    known, and `words[i]` that word.
    """

    columns: Places
    values: Floats
    terms: Places
    words: Places

    def margins(self, linear: Linear) -> Scores:
        """[1 + part, label]."""
        return np.asarray(self.values @ self._of(linear) + linear.intercepts, dtype=np.float64)

    def gains(self, linear: Linear, label: int, words: int) -> Scores:
        """[word]: how much more each of the message's words speaks for a label than for all on average."""
        toward = np.full(len(linear.intercepts), -1 / len(linear.intercepts), dtype=np.float32)
        toward[label] += 1
        of_column = np.append(self.values[0] * (self._of(linear) @ toward), 0.0)
        gained = np.bincount(self.words, of_column[self.terms], words)
        return np.asarray(gained, dtype=np.float64)

    def _of(self, linear: Linear) -> Floats:
        """The coefficients of `columns`; by index they would take several times as long."""
        return linear.coefficients.take(self.columns, axis=0)


def spread(vocabulary: Vocabulary, reading: Reading, parts: Bounds) -> Spread:
    """`parts` lie within the subject or within the body."""
    columns, first, last, pairs = _occurrences(vocabulary, reading)
    found, places = np.unique(columns, return_inverse=True)
    inside = [places, *(places[(first >= start) & (last < end)] for start, end in parts)]
    counts = np.array([np.bincount(one, minlength=len(found)) for one in inside])
    known = int(np.searchsorted(found, vocabulary.size))
    routes = vocabulary.columns_of_routes(reading)
    values = _weighed(vocabulary, found, counts, known)
    routed = np.full((len(inside), len(routes)), ROUTE_WEIGHT, dtype=np.float32)
    alone = np.concatenate([places[: pairs.start], places[pairs.stop :]])
    return Spread(
        np.append(found[:known], routes).astype(np.intp),
        np.hstack([values, routed]),
        np.where(alone < known, alone, known + len(routes)),
        np.concatenate([first[: pairs.start], first[pairs.stop :]]),
    )


def _occurrences(vocabulary: Vocabulary, reading: Reading) -> tuple[Places, Places, Places, slice]:
    """Every occurrence of a term: its column, its first and its last word; and which of them are pairs.

    Terms that are not known have a column of their block's own, behind all others.
    """
    count = len(reading.words)
    at = np.arange(count)
    first, after = places_of_pairs(count, reading.subject)
    runs = [vocabulary.columns_of_word(word) for word in reading.words]
    of_run = np.repeat(at, [len(run) for run in runs])
    stems = np.array(vocabulary.columns_of_stems(reading), dtype=np.intp)
    known = (
        stems,
        vocabulary.columns_between(stems, first, after),
        np.array(list(chain.from_iterable(runs)), dtype=np.intp),
    )
    columns = np.concatenate(
        [np.where(block < 0, vocabulary.size + number, block) for number, block in enumerate(known)]
    )
    return (
        columns,
        np.concatenate([at, first, of_run]),
        np.concatenate([at, after, of_run]),
        slice(count, count + len(first)),
    )


def _weighed(vocabulary: Vocabulary, found: Places, counts: Places, known: int) -> Floats:
    """TF-IDF [part, known column], each block at its weight's length; terms that are not known count in the length."""
    told = np.arange(int(counts.max(initial=0)) + 1, dtype=np.float64)
    told[1:] = 1.0 + np.log(told[1:])
    values = told[counts[:, :known]] * vocabulary.idf[found[:known]]
    ends = np.searchsorted(found, np.cumsum([len(terms) for terms in vocabulary.blocks[: len(BLOCK_WEIGHTS)]]))
    start = 0
    for number, (end, weight) in enumerate(zip(ends.tolist(), BLOCK_WEIGHTS, strict=True)):
        block = values[:, start:end]
        strange = counts[:, known:] @ (found[known:] == vocabulary.size + number)
        length = np.sqrt(np.einsum("pc,pc->p", block, block) + strange * vocabulary.strange_idf**2)
        block *= (weight / np.where(length > 0, length, 1.0))[:, None]
        start = end
    return values.astype(np.float32)
