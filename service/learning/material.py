"""What a fit works on, read once and cut into folds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.domain.redacted import Redacted
from service.domain.votes import Vote
from service.learning.examples import Example
from service.learning.linear import Parts
from service.learning.reading import Reading
from service.learning.weak import WeakExample

KeywordVoter = Callable[[Redacted], Vote]


@dataclass(frozen=True)
class Material:
    """One row an example, in order of their ids; `given` and `weak_given` are scipy CSR matrices.

    `unread` examples are new to the keywords' authors, as far as there are enough of these to learn from;
    `ordinary` ones came as mail comes and are unread. `parts` are the examples' sentences, in order; `cues` says of
    each whether its words announce another ask, `asks` whether it asks.
    """

    examples: Sequence[Example]
    readings: Sequence[Reading]
    labels: NDArray[np.int64]
    importance: NDArray[np.float64]
    folds: NDArray[np.int64]
    unread: NDArray[np.bool_]
    ordinary: NDArray[np.bool_]
    given: Any
    weak: Sequence[WeakExample]
    weak_given: Any
    weak_labels: NDArray[np.int64]
    keyword_votes: Sequence[Vote]
    parts: Parts
    cues: NDArray[np.bool_]
    asks: NDArray[np.bool_]
