"""Replies that agree with each other and with no canned answer: what a new canned answer may be made of.

Average-linkage clustering (Sokal and Michener 1958) of TF-IDF vectors over word stems and pairs of them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from service.learning.reading import read_text

AGREE = 0.45
"""Mean cosine of a cluster's replies from which they say the same."""
KNOWN, HELD = 0.5, 0.7
"""Cosine with a canned answer, or share of the reply's words, by weight, that the answer has, from which the library
says it already."""
FEWEST_MESSAGES, FEWEST_ADVISORS = 3, 2
SUPPORT, SAME_SENTENCE = 0.5, 0.5
"""Share of a cluster's replies that say a sentence; share of its stems by which another sentence says it too."""
FEWEST_STEMS = 8
_PLACEHOLDER = re.compile(r"\[[A-Z][A-Z_]*\]|\{[a-z][a-z0-9_]*\}")


@dataclass(frozen=True, slots=True)
class Written:
    """A reply that an advisor wrote himself, redacted, without greeting and signature."""

    message: str
    queue: str
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """`rows`: the replies; `medoid`: the one that is most like the others, `likeness`: its mean cosine to them;
    `known`: how near the nearest canned answer is, below 1."""

    rows: tuple[int, ...]
    medoid: int
    likeness: float
    known: float


def agreed(replies: Sequence[Written], library: Iterable[str]) -> list[Agreed]:
    """Clusters of enough different messages and advisors in one queue, the largest first."""
    stems = [_stems(one.text) for one in replies]
    rows = [row for row, found in enumerate(stems) if len(found) >= FEWEST_STEMS]
    answers = [_stems(body) for body in library]
    if len(rows) < FEWEST_MESSAGES:
        return []
    vectors, nearest = _vectors([stems[row] for row in rows], answers)
    by_queue: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        by_queue[replies[row].queue].append(place)
    found = [one for places in by_queue.values() for one in _clusters(places, vectors, nearest)]
    named = (_named(one, rows, nearest) for one in found)
    return sorted(filter(lambda one: _is_enough(one, replies), named), key=lambda one: (-len(one.rows), one.rows))


def supported(sentence: str, others: Sequence[Sequence[str]]) -> list[str]:
    """Of each other text the sentence that says the same; texts that have none are left out."""
    stems = frozenset(_stems(sentence))
    found = []
    for sentences in others:
        best = max(sentences, key=lambda other: _jaccard(stems, frozenset(_stems(other))), default="")
        if _jaccard(stems, frozenset(_stems(best))) >= SAME_SENTENCE:
            found.append(best)
    return found


def _clusters(
    places: Sequence[int], vectors: NDArray[np.float64], nearest: NDArray[np.float64]
) -> Iterator[tuple[list[int], float]]:
    """Places that belong together, the one most like the others first, with its mean cosine to them. Those that the
    library knows are left out first."""
    from scipy.cluster.hierarchy import fcluster, linkage  # noqa: PLC0415 - only here
    from scipy.spatial.distance import squareform  # noqa: PLC0415

    new = [place for place in places if nearest[place] < 1]
    if len(new) < FEWEST_MESSAGES:
        return
    likeness = vectors[new] @ vectors[new].T
    apart = np.clip(1 - likeness, 0, None)
    np.fill_diagonal(apart, 0)
    labels = fcluster(linkage(squareform(apart, checks=False), "average"), 1 - AGREE, "distance")
    for label in np.unique(labels):
        inside = np.flatnonzero(labels == label)
        if len(inside) >= FEWEST_MESSAGES:
            means = likeness[np.ix_(inside, inside)].mean(axis=1)
            first = int(inside[int(means.argmax())])
            yield [new[first], *(new[at] for at in inside if at != first)], float(means.max())


def _named(found: tuple[list[int], float], rows: Sequence[int], nearest: NDArray[np.float64]) -> Agreed:
    places, likeness = found
    ordered = tuple(sorted(rows[place] for place in places))
    return Agreed(ordered, rows[places[0]], likeness, float(nearest[places].max()))


def _is_enough(one: Agreed, replies: Sequence[Written]) -> bool:
    messages, advisors = {replies[row].message for row in one.rows}, {replies[row].by for row in one.rows}
    return len(messages) >= FEWEST_MESSAGES and len(advisors) >= FEWEST_ADVISORS


def _vectors(
    replies: Sequence[Sequence[str]], answers: Sequence[Sequence[str]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of the replies; and how near each is to what the library says: from 1 on it is known."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - a second to load

    reader = TfidfVectorizer(analyzer=_features, sublinear_tf=True, min_df=1)
    found = reader.fit_transform([*replies, *answers]).toarray()
    ours, theirs = found[: len(replies)], found[len(replies) :]
    if not answers:
        return ours, np.zeros(len(replies))
    weights = (ours > 0) * reader.idf_
    held = weights @ (theirs > 0).T / weights.sum(axis=1, keepdims=True)
    known = np.maximum((ours @ theirs.T) / KNOWN, held / HELD)
    return ours, known.max(axis=1)


def _features(stems: Sequence[str]) -> list[str]:
    return [*stems, *(f"{one} {two}" for one, two in pairwise(stems))]


def _stems(text: str) -> list[str]:
    """Without placeholders: what is personal is said by everybody."""
    return list(read_text(_PLACEHOLDER.sub(" ", text)).stems)


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0
