"""The classifier's other views of messages that it has not learned from, and the index of texts behind one of them."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from service.learning.kindred import Kindred, shares
from service.learning.material import Material
from service.learning.pool import opinion, softmax
from service.learning.views import ANYWHERE, ASKED, KINDRED, OPENING, anywhere, asked, opening

Array = NDArray[np.float64]

COMMON = 0.125
"""Share of the texts from which a term tells none of them apart: a fifth measures alike and takes longer."""
FEW = 100
"""Texts that a term may be in, however few there are."""
AT_ONCE = 200
"""Messages compared at once: enough to be quick, few enough for memory."""


def fit_views(material: Material, apart: Array, sharpness: float, shared: Array) -> dict[str, Array]:
    """Opinions [example, queue] by view.

    `apart` are the margins of the examples' sentences by models that had not seen them, `sharpness` makes
    probabilities of them. `shared` is what `fit_kindred` gives.
    """
    said, count = softmax(sharpness * apart), shared.shape[1]
    views = {
        OPENING: _by_message(material, lambda rows: opening(said[rows]), count),
        ANYWHERE: _by_message(material, lambda rows: anywhere(said[rows]), count),
        ASKED: _by_message(material, lambda rows: asked(said[rows], material.asks[rows].tolist()), count),
        KINDRED: shared,
    }
    return {name: opinion(found) for name, found in views.items()}


def _by_message(material: Material, view: Callable[[slice], Array], count: int) -> Array:
    """`view` is of a message's rows of sentences. All 0 for a message without words."""
    found = np.zeros((len(material.labels), count))
    starts = np.searchsorted(material.parts.owners, np.arange(len(found) + 1))
    for row in np.flatnonzero(starts[1:] > starts[:-1]):
        found[row] = view(slice(starts[row], starts[row + 1]))
    return found


def fit_kindred(material: Material, terms: int, count: int) -> tuple[Kindred, Array]:
    """The index, and each queue's share [example, queue] of what it says of the examples; words and pairs of words are
    the first `terms` columns.

    Made-up examples are on the shelf whether they stand in for a history or not; none is asked about a message of
    its own fold."""
    from scipy.sparse import vstack  # noqa: PLC0415  only fitting pays for scipy

    made_up = np.array([one.made_up for one in material.examples], dtype=bool)
    shelf = vstack([material.given[made_up], material.weak_given]).tocsc()[:, :terms].astype(np.float32)
    often = np.diff(shelf.indptr)
    shelf.data[np.repeat(often > max(FEW, COMMON * shelf.shape[0]), often)] = 0.0
    shelf.eliminate_zeros()
    labels = np.concatenate([material.labels[made_up], material.weak_labels]).astype(np.int32)
    voices = np.concatenate([material.importance[made_up], [one.weight for one in material.weak]]).astype(np.float32)
    kindred = Kindred(shelf.indptr.astype(np.int32), shelf.indices.astype(np.int32), shelf.data, labels, voices)
    folds = np.concatenate([material.folds[made_up], np.full(len(material.weak), -1)])
    found = np.zeros((len(material.labels), count))
    across = shelf.T.tocsr()
    for start in range(0, len(found), AT_ONCE):
        rows = slice(start, start + AT_ONCE)
        alike = (material.given[rows, :terms] @ across).toarray()
        alike[material.folds[rows, None] == folds[None, :]] = 0.0
        found[rows] = [shares(row, labels, voices, count) for row in alike]
    return kindred, found
