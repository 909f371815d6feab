"""Fits the classifier's two views: the linear model, and a second one of what the embedder or a network tells."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.learning.embedded import Embedded
from service.learning.examples import Vectors
from service.learning.fit_embedded import fit_embedded
from service.learning.fit_network import fit_network, join
from service.learning.linear import Linear, fit_parts_held_out
from service.learning.material import Material
from service.learning.network import Network

Array = NDArray[np.float64]
Labels = NDArray[np.int64]


class Classified(NamedTuple):
    """The second view, and the scores [example, queue] of both views, out of fold."""

    embedded: Embedded | None
    network: Network | None
    scores: Array


def fit_linear(material: Material, given: Any, alike: Array | None, count: int) -> tuple[Linear, Array, Array]:
    """The linear model of all that is `given`, and the margins out of fold of the examples and of their sentences."""
    labels, weights, folds = _wanted(material)
    wanted = np.eye(count, dtype=bool)[labels]
    linear, held, apart = fit_parts_held_out(given, wanted, weights, folds, alike, material.parts)
    return linear, held[: len(material.labels)], apart


def fit_deep(material: Material, given: Any, count: int) -> tuple[Network, Array] | None:
    """The network of all that is `given`, and its margins of the examples out of fold."""
    found = fit_network(given, *_wanted(material), count)
    return found and (found[0], found[1][: len(material.labels)])


def _wanted(material: Material) -> tuple[Labels, Array, Labels]:
    """Label, weight and fold of the examples, then of everything weak, which is never held out."""
    return (
        np.concatenate([material.labels, material.weak_labels]),
        np.concatenate([material.importance, [one.weight for one in material.weak]]),
        np.concatenate([material.folds, np.full(len(material.weak), -1)]),
    )


def classify(
    material: Material,
    alone: Array,
    held: Array,
    deep: tuple[Network, Array] | None,
    vectors: Vectors | None,
    queues: Vectors | None,
) -> Classified:
    """`held` are the examples' margins by the linear model out of fold, `alone` its scores where there is no second
    view. A network is heard where more examples are right with it than without. `queues` are the vectors of what is
    written about each queue, where vectors know meanings."""
    labels, importance = material.labels, material.importance
    if deep is not None:
        network, scores = join(*deep, held, labels, importance)
        if _right(scores, labels) > _right(held, labels):
            return Classified(None, network, scores)
    if vectors is not None and queues is not None:
        found = fit_embedded(vectors, labels, queues, importance, material.folds, held)
        if found is not None:
            return Classified(found[0], None, found[1])
    return Classified(None, None, alone)


def _right(scores: Array, labels: Labels) -> int:
    return int((scores.argmax(axis=1) == labels).sum())
