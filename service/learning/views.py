"""The classifier's other views of a message: what it opens with, what any sentence of it is about, and what the
sentences that ask are about.

The whole of a long message is about many things; the subject or the first sentence mostly names the matter, and a
sentence somewhere says what is asked. Each view has a weight of its own in the pool.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

OPENING, ANYWHERE, ASKED, KINDRED = "opening", "anywhere", "asked", "kindred"


def opening(said: Array) -> Array:
    """[queue] of the classifier's probabilities [sentence, queue]: those of the subject, or of the first sentence."""
    return np.asarray(said[0], dtype=np.float64)


def anywhere(said: Array) -> Array:
    """The probability that some sentence is about each queue, were sentences independent, as shares."""
    some = 1 - np.prod(1 - said, axis=0)
    return np.asarray(some / some.sum(), dtype=np.float64)


def asked(said: Array, asks: Sequence[bool]) -> Array:
    """As `anywhere`, of the sentences that ask alone; of all where none does."""
    chosen = said[np.asarray(asks, dtype=bool)]
    return anywhere(chosen if len(chosen) else said)
