"""The classifier's second view where no embedder knows meanings: a network with one hidden layer over the same numbers.

A linear model adds up what each word says alone. Hidden units also learn which words stand for the same, and
dropout of words and units (Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting",
JMLR 2014) keeps each from leaning on the rest.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.learning.vocabulary import Places

Array = NDArray[np.float64]
Halves = NDArray[np.float16]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Network:
    """Margins [queue] of a message. `rows` [column] is the row of `hidden` [row, unit] that a column has, or -1.

    `sharpness`: what the margins of the linear model and those of the network are multiplied by before they are
    added to scores, whose softmax is the probability.
    """

    rows: NDArray[np.int32]
    hidden: Halves
    bias: Floats
    coefficients: Floats
    intercepts: Floats
    sharpness: tuple[float, float] = (0.0, 0.0)

    def __call__(self, columns: Places, values: Floats) -> Array:
        rows = self.rows[columns]
        known = rows >= 0
        units = np.maximum(values[known] @ self.hidden[rows[known]].astype(np.float32) + self.bias, 0.0)
        return np.asarray(units @ self.coefficients + self.intercepts, dtype=np.float64)

    def joined(self, margins: Array, columns: Places, values: Floats) -> Array:
        """Scores [queue] of a message with these margins by the linear model."""
        linear, deep = self.sharpness
        return linear * margins + deep * self(columns, values)

    @property
    def arrays(self) -> tuple[NDArray[np.int32], Halves, Floats, Floats, Floats]:
        return self.rows, self.hidden, self.bias, self.coefficients, self.intercepts
