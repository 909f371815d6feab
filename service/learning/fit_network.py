"""Fits the classifier's network by numpy and scipy alone, its chances drawn from a fixed seed."""

from collections.abc import Sequence
from dataclasses import replace
from math import ceil, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.learning.fit_pool import fit_weights
from service.learning.network import Network
from service.learning.pool import softmax

Array = NDArray[np.float64]
Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

UNITS = 256
"""Half of them are as good alone and gain a fifth of a point less beside the linear model."""
AT_ONCE = 128
"""Messages a step."""
PASSES, MOST_PASSES = 20, 60
"""Over all messages: 12 measure a little less, 30 alike. Few messages take more of them."""
STEPS = 1_000
"""At least so many, within `MOST_PASSES`."""
DROPPED = 0.5
"""Share of words, and of hidden units, that a step does not see."""
RATE, OUTER_RATE = 0.05, 0.008
"""Of AdaGrad for the hidden units (Duchi, Hazan and Singer, JMLR 2011), of Adam for the rest; both fade to nothing."""
MEAN_KEPT, SQUARES_KEPT = 0.9, 0.999
"""Of Adam's means of slopes and of their squares (Kingma and Ba, ICLR 2015)."""
FEWEST = 200
"""Messages below which nothing is learned."""
MOST_NUMBERS = 1_000_000
"""Numbers of all rows together, beyond which a refit would take too long."""
MOST_A_ROW = 150
"""Numbers of a row on average, about 35 words. Letters of a hundred words are about several things: half of the
reference account, without made-up examples, was 1.2 to 1.7 points less often right with a network than without."""
SHARPNESS_PRIOR = (3.0, 0.5)
START, STEADY, STEADY_OUTER = 0.1, 1e-6, 1e-8
"""Spread of the hidden weights at first; what keeps the first steps finite."""
SHARED = 2
"""Rows that must have a column: what one alone has tells nothing of others."""


def fit_network(given: Any, labels: Rows, weights: Array, folds: Rows, queues: int) -> tuple[Network, Array] | None:
    """The network of all rows, and the margins [row, queue] of every row by a network without its fold.

    `given` is a scipy CSR matrix [row, column]. Rows of fold -1 are never held out; their margins are 0. None where
    there is too little to learn from, too much to do, or texts are long.
    """
    if (folds >= 0).sum() < FEWEST or given.nnz > min(MOST_NUMBERS, MOST_A_ROW * given.shape[0]):
        return None
    often = np.bincount(given.indices, minlength=given.shape[1])
    shared = np.flatnonzero(often >= SHARED)
    rows = np.full(given.shape[1], -1, dtype=np.int32)
    rows[shared] = np.arange(len(shared))
    known = given[:, shared].astype(np.float32)
    wanted, loud = np.eye(queues, dtype=np.float32)[labels], (weights / weights.mean()).astype(np.float32)
    seen = np.zeros((len(labels), queues))
    for fold in np.unique(folds[folds >= 0]):
        out = folds == fold
        seen[out] = _learnt(known[~out], wanted[~out], loud[~out]).margins(known[out])
    return _learnt(known, wanted, loud).network(rows), seen


def join(network: Network, seen: Array, held: Array, labels: Rows, importance: Array) -> tuple[Network, Array]:
    """The network with its sharpness, and the joined scores [message, queue] of `seen` and of `held`, the messages'
    margins by the network and by the linear model, out of fold."""
    linear, deep = fit_weights([held, seen], labels, importance, SHARPNESS_PRIOR)
    return replace(network, sharpness=(linear, deep)), linear * held + deep * seen


def _learnt(given: Any, wanted: Floats, weights: Floats) -> "_Learner":
    count = len(wanted)
    each = ceil(count / AT_ONCE)
    passes = min(MOST_PASSES, max(PASSES, ceil(STEPS / each)))
    learner = _Learner(given.shape[1], wanted.shape[1], passes * each)
    for _ in range(passes):
        order = learner.chance.permutation(count)
        for start in range(0, count, AT_ONCE):
            some = order[start : start + AT_ONCE]
            learner.step(given[some], wanted[some], weights[some])
    return learner


class _Learner:
    """Weights on their way. Of the hidden units only the columns that a step sees are touched."""

    def __init__(self, columns: int, queues: int, steps: int) -> None:
        self.chance = np.random.default_rng(0)
        self._hidden = self.chance.standard_normal((columns, UNITS), dtype=np.float32) * np.float32(START)
        self._moved = np.full((columns, UNITS), STEADY, dtype=np.float32)
        outer = self.chance.standard_normal((UNITS, queues), dtype=np.float32) / np.float32(sqrt(UNITS))
        self._outer = [np.zeros(UNITS, dtype=np.float32), outer, np.zeros(queues, dtype=np.float32)]
        self._means = [np.zeros_like(one) for one in self._outer]
        self._squares = [np.zeros_like(one) for one in self._outer]
        self._steps, self._done = steps, 0

    def step(self, given: Any, wanted: Floats, weights: Floats) -> None:
        """Down the slope of the labels' mean negative log-likelihood on these rows."""
        bias, coefficients, intercepts = self._outer
        columns, seen = self._some_of(given)
        hidden = self._hidden[columns]
        units = seen @ hidden + bias
        open_ = (units > 0) * self._kept(units.shape)
        units *= open_
        off = softmax(units @ coefficients + intercepts) - wanted
        off *= weights[:, None] / np.float32(len(wanted))
        back = (off @ coefficients.T) * open_
        fade = 1 - self._done / self._steps
        self._done += 1
        self._hidden[columns] = hidden - self._slowed(columns, seen.T @ back) * np.float32(RATE * fade)
        self._move((back.sum(axis=0), units.T @ off, off.sum(axis=0)), OUTER_RATE * fade)

    def _some_of(self, given: Any) -> tuple[Rows, Any]:
        """The columns that are left of the rows once words are dropped, and the rows in these columns."""
        from scipy.sparse import csr_matrix  # noqa: PLC0415  only fitting pays for scipy

        kept = self.chance.random(given.nnz, dtype=np.float32) >= DROPPED
        starts = np.concatenate([[0], np.cumsum(kept)])[given.indptr]
        columns, places = np.unique(given.indices[kept], return_inverse=True)
        values = given.data[kept] * np.float32(1 / (1 - DROPPED))
        return columns, csr_matrix((values, places, starts), shape=(given.shape[0], len(columns)))

    def _kept(self, shape: tuple[int, ...]) -> Floats:
        kept = self.chance.random(shape, dtype=np.float32) >= DROPPED
        return kept * np.float32(1 / (1 - DROPPED))

    def _slowed(self, columns: Rows, slope: Floats) -> Floats:
        """By how far these weights have moved before."""
        moved = self._moved[columns] + slope * slope
        self._moved[columns] = moved
        return np.asarray(slope / np.sqrt(moved))

    def _move(self, slopes: Sequence[Floats], rate: float) -> None:
        warm = rate * sqrt(1 - SQUARES_KEPT**self._done) / (1 - MEAN_KEPT**self._done)
        for weights, slope, mean, square in zip(self._outer, slopes, self._means, self._squares, strict=True):
            mean[...] += np.float32(1 - MEAN_KEPT) * (slope - mean)
            square[...] += np.float32(1 - SQUARES_KEPT) * (slope * slope - square)
            weights[...] -= np.float32(warm) * mean / (np.sqrt(square) + np.float32(STEADY_OUTER))

    def margins(self, given: Any) -> Array:
        bias, coefficients, intercepts = self._outer
        return np.asarray(np.maximum(given @ self._hidden + bias, 0) @ coefficients + intercepts, dtype=np.float64)

    def network(self, rows: NDArray[np.int32]) -> Network:
        bias, coefficients, intercepts = self._outer
        return Network(rows, self._hidden.astype(np.float16), bias, coefficients, intercepts)
