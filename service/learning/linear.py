"""The linear model over TF-IDF: fitted with scipy or scikit-learn, predicted with numpy alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.learning.vocabulary import Features, Floats

Scores = NDArray[np.float64]
Rows = NDArray[np.int64]
Answers = NDArray[np.bool_]

PENALTY = 1.0
"""Of least squares, per unit of a message's weight; 0.5 to 2 measure alike."""
COST = 1.0
"""Of the SVM: inverse strength of regularisation. On Banking77 0.2 points better than 0.5."""
TOLERANCE = 0.1
"""Of the SVM's solver; a thousand times less gives the same labels, later."""
EDGE = 1.1
"""Margin up to which a message is taken at first for one that an SVM without some other messages hangs on."""
FEW_MISSED = 0.01
"""Share of the messages that an SVM learns from which it may get wrong besides: so few turn nothing."""
MOST_ROWS = 5_000
"""Least squares compares each message with each: beyond so many it takes too long and too much memory."""

AT_ONCE = 500
"""Rows compared with all others at once: what is sparse of all would take more memory than the result."""


@dataclass(frozen=True)
class Parts:
    """Parts of rows: `given` is [part, column], `owners` holds the row that each is of."""

    given: Any
    owners: Rows


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


def fit_held_out(
    given: Any, wanted: Answers, weights: Scores, folds: Rows, alike: Scores | None
) -> tuple[Linear, Scores]:
    """The model of all rows, and the margins of every row by a model without its fold.

    `given` is [row, column]; `wanted` [row, label] says which labels are right. Rows of fold -1 are never held
    out; their margins are those of the model itself. `alike` is `likeness(given)`.
    """
    linear, held, _ = fit_parts_held_out(given, wanted, weights, folds, alike, None)
    return linear, held


def fit_parts_held_out(
    given: Any, wanted: Answers, weights: Scores, folds: Rows, alike: Scores | None, parts: Parts | None
) -> tuple[Linear, Scores, Scores]:
    """As `fit_held_out`, and the margins of every part by a model without its owner's fold."""
    apart = np.zeros((0 if parts is None else len(parts.owners), wanted.shape[1]))
    if alike is None:
        return _fit_svm(given, wanted, weights, folds, parts, apart)
    return _fit_ridge(given, wanted, weights, folds, alike, parts, apart)


def likeness(given: Any) -> Scores | None:
    """How alike each two rows are; None where they are too many for least squares."""
    count = given.shape[0]
    if count > MOST_ROWS:
        return None
    found, across = np.empty((count, count)), given.T.tocsr()
    for start in range(0, count, AT_ONCE):
        found[start : start + AT_ONCE] = (given[start : start + AT_ONCE] @ across).toarray()
    return found


def _fit_ridge(
    given: Any, wanted: Answers, weights: Scores, folds: Rows, alike: Scores, parts: Parts | None, apart: Scores
) -> tuple[Linear, Scores, Scores]:
    """Regularised least squares (Rifkin, "Everything old is new again", MIT 2002), one label against the rest.

    Solved among the messages, who are fewer than the columns. One factor gives the model and, block by block of
    the inverse, what each fold would have met without itself; rows that are never held out stand first, so that
    the rest's block of the inverse comes from the factor's corner alone.
    """
    from scipy.linalg import cho_solve  # noqa: PLC0415  only fitting pays for scipy
    from scipy.linalg.lapack import dpotrf, dpotri  # noqa: PLC0415

    if not len(folds):
        return ignorant(given.shape[1], wanted.shape[1]), np.zeros(wanted.shape), apart
    order = np.argsort(folds >= 0, kind="stable")
    given, targets = given[order], np.where(wanted[order], 1.0, -1.0)
    system = alike.T[np.ix_(order, order)].T  # in Fortran's order without another copy
    system += 1.0
    system[np.diag_indices_from(system)] += PENALTY / weights[order]
    factor, _ = dpotrf(system, lower=True, overwrite_a=True)
    dual = cho_solve((factor, True), targets)
    linear = _of_dual(given, dual)
    held = margins(linear, given)
    first = int((folds < 0).sum())
    if first == len(folds):
        return linear, held[np.argsort(order, kind="stable")], apart
    corner, _ = dpotri(factor[first:, first:], lower=True)
    corner = np.tril(corner) + np.tril(corner, -1).T
    for fold in np.unique(folds[folds >= 0]):
        out = np.flatnonzero(folds[order][first:] == fold)
        missed = np.linalg.solve(corner[np.ix_(out, out)], dual[first + out])
        held[first + out] = targets[first + out] - missed
        if parts is not None:
            without = np.zeros_like(dual)
            without[first + out] = missed
            _hold_apart(apart, parts, folds, fold, _of_dual(given, dual - cho_solve((factor, True), without)))
    return linear, held[np.argsort(order, kind="stable")], apart


def _of_dual(given: Any, dual: Scores) -> Linear:
    return Linear((given.T @ dual).astype(np.float32), dual.sum(axis=0).astype(np.float32))


def _hold_apart(apart: Scores, parts: Parts, folds: Rows, fold: int, linear: Linear) -> None:
    """Puts in the margins of the parts whose owners are in that fold."""
    out = np.flatnonzero(folds[parts.owners] == fold)
    apart[out] = margins(linear, parts.given[out])


def _fit_svm(
    given: Any, wanted: Answers, weights: Scores, folds: Rows, parts: Parts | None, apart: Scores
) -> tuple[Linear, Scores, Scores]:
    """Linear SVMs, one a label, where the messages are too many to compare each with each."""
    linear = _svms(given, wanted, weights)
    held = margins(linear, given)
    near = np.where(wanted, held, -held) < EDGE
    for fold in np.unique(folds[folds >= 0]):
        out = folds == fold
        without = _svms_without(given, wanted, weights, out, near)
        held[out] = margins(without, given[out])
        if parts is not None:
            _hold_apart(apart, parts, folds, fold, without)
    return linear, held, apart


def _svms(given: Any, wanted: Answers, weights: Scores) -> Linear:
    linear = ignorant(given.shape[1], wanted.shape[1])
    learnt = np.flatnonzero(wanted.any(axis=0) & ~wanted.all(axis=0))
    if len(learnt) > 2 and (wanted.sum(axis=1) == 1).all():
        linear.coefficients[:, learnt], linear.intercepts[learnt] = _svm(given, wanted.argmax(axis=1), weights)
        return linear
    for label in learnt:
        linear.coefficients[:, [label]], linear.intercepts[[label]] = _svm(given, wanted[:, label], weights)
    return linear


def _svms_without(given: Any, wanted: Answers, weights: Scores, out: Answers, near: Answers) -> Linear:
    """The SVMs of all rows but those `out`, beginning with those `near` [row, label] the border of each label."""
    linear = ignorant(given.shape[1], wanted.shape[1])
    for label in range(wanted.shape[1]):
        if 0 < wanted[~out, label].sum() < (~out).sum():
            found = _svm_from(given, wanted[:, label], weights, ~out, near[:, label])
            linear.coefficients[:, [label]], linear.intercepts[[label]] = found
    return linear


def _svm_from(given: Any, yes: Answers, weights: Scores, kept: Answers, near: Answers) -> tuple[Scores, Scores]:
    """An SVM of the rows kept. Only its support vectors say anything; others are taken in where it gets them wrong
    (Joachims, "Making large-scale SVM learning practical", 1999)."""
    rows = near & kept
    if yes[rows].all() or not yes[rows].any():
        rows = kept
    while True:
        found = _svm(given[rows], yes[rows], weights[rows])
        said = np.asarray(given @ found[0] + found[1])[:, 0]
        missed = kept & ~rows & (np.where(yes, said, -said) < 1)
        if missed.sum() <= FEW_MISSED * rows.sum():
            return found
        rows = rows | missed


def _svm(given: Any, labels: NDArray[Any], weights: Scores) -> tuple[Scores, Scores]:
    """Coefficients [column, label] and intercepts; of two labels, those of the second alone."""
    from sklearn.svm import LinearSVC  # noqa: PLC0415

    model = LinearSVC(C=COST, tol=TOLERANCE, random_state=0).fit(given, labels, weights)
    return model.coef_.T, model.intercept_


def ignorant(columns: int, labels: int) -> Linear:
    """Says no to every label."""
    return Linear(np.zeros((columns, labels), dtype=np.float32), np.full(labels, -1.0, dtype=np.float32))


def margins(linear: Linear, given: Any) -> Scores:
    return np.asarray(given @ linear.coefficients + linear.intercepts, dtype=np.float64)
