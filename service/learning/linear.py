"""The linear model over TF-IDF: fitted by scikit-learn, predicted with numpy alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.learning.vocabulary import Features, Floats

Scores = NDArray[np.float64]
Rows = NDArray[np.int64]

COST = 0.5
"""Inverse strength of regularisation; 0.2 to 1.5 measure alike."""


@dataclass(frozen=True)
class Linear:
    """One score a label: `features @ coefficients + intercepts`. Coefficients are [column, label]."""

    coefficients: Floats
    intercepts: Floats

    def __call__(self, features: Features) -> Scores:
        weighted = features.values @ self.coefficients[features.columns]
        return np.asarray(weighted + self.intercepts, dtype=np.float64)


def matrix(features: Sequence[Features], size: int) -> Any:
    """The messages as a scipy CSR matrix."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415  only fitting pays for scipy

    if not features:
        return csr_matrix((0, size))
    starts = np.concatenate([[0], np.cumsum([len(one.columns) for one in features])])
    columns = np.concatenate([one.columns for one in features])
    values = np.concatenate([one.values for one in features])
    return csr_matrix((values.astype(np.float64), columns, starts), shape=(len(features), size))


def fit_linear(given: Any, labels: Rows, weights: Scores, count: int) -> Linear:
    """A linear SVM, one label against the rest. Labels without any example score as the least likely."""
    from sklearn.svm import LinearSVC  # noqa: PLC0415

    present = np.unique(labels)
    coefficients = np.zeros((given.shape[1], count), dtype=np.float32)
    intercepts = np.full(count, -1.0, dtype=np.float32)
    if len(present) < 2:
        return Linear(coefficients, intercepts)
    model = LinearSVC(C=COST, random_state=0).fit(given, labels, sample_weight=weights)
    if len(present) == 2:
        found, bias = (
            np.vstack([-model.coef_[0], model.coef_[0]]),
            np.array([-model.intercept_[0], model.intercept_[0]]),
        )
    else:
        found, bias = model.coef_, model.intercept_
    coefficients[:, present] = found.T
    intercepts[present] = bias
    return Linear(coefficients, intercepts)


def margins(linear: Linear, given: Any) -> Scores:
    return np.asarray(given @ linear.coefficients + linear.intercepts, dtype=np.float64)
