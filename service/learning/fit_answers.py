"""Fits which canned answers a good reply rests on, from confirmed messages that say which ones it did."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.lexical import LexicalIndex
from retrieval.passages import Passage
from service.domain.answers import CannedAnswer
from service.domain.playbook import Playbook
from service.domain.redacted import together
from service.learning.answers import (
    PRIOR,
    SPEAKING,
    AnswerModel,
    Array,
    Catalogue,
    answer_numbers,
    answered,
    unanswered,
)
from service.learning.examples import Example, Vectors
from service.learning.linear import Linear, fit_held_out, likeness, matrix
from service.learning.material import Material
from service.learning.reading import read_text
from service.learning.signals import Signal
from service.learning.speaker import speaker_of
from service.learning.vocabulary import Vocabulary
from service.learning.weak import PLACEHOLDER

SITUATION, BODY = 2.0, 1.0
"""Weights of an answer's own texts, in messages; half as much measures alike with a history, worse without one."""
MOST_MESSAGES = 4_000
MOST_ANSWERS = 500
"""Answers beyond the most given ones are found by search and by their neighbours alone."""
MOST_COLUMNS = 30_000
MOST_PAIRS = 150_000
"""Pairs of message and answer from which the ranker learns nine weights: of a hundred answers, 1,500 messages'."""
AT_ONCE = 200
"""Messages compared with all others at once: enough to be quick, few enough for memory."""
STRENGTH = 2.0
"""Of the prior, per unit of squared distance, in nats."""
MANY_TEXTS = 1_000
"""From so many on, a term that stands in one of them alone is left out: half the columns for the same figures."""

USUAL = 0.5
"""Share of what was imported that names answers, from which on what names none says that none fits."""
OFTEN = 5
"""Messages of a queue that no answer fits, from which on this is learned as if it were one more of its answers."""

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Texts:
    """Unit vectors of the examples and of the answers, one a row; None without an index."""

    examples: Vectors | None = None
    answers: Vectors | None = None


@dataclass(frozen=True)
class Learnt:
    """`given` [example, answer] says which answers an example got, `rows` are examples that got one or that none fits.
    `model` tells answers apart, `held` [row, one of its answers] are its margins without the row's fold."""

    catalogue: Catalogue
    given: NDArray[np.bool_]
    rows: Rows
    model: AnswerModel
    held: Array


def learn_answers(vocabulary: Vocabulary, material: Material, answers: Sequence[CannedAnswer]) -> Learnt:
    """Without answered messages the answers' own texts teach alone."""
    catalogue = Catalogue.of(sorted(answers, key=lambda answer: answer.id))
    given = np.zeros((len(material.examples), len(answers)), dtype=bool)
    place = {answer.id: at for at, answer in enumerate(catalogue.answers)}
    for row, example in enumerate(material.examples):
        for answer in place.keys() & set(example.answers):
            given[row, place[answer]] = True
    if not answers:
        return Learnt(catalogue, given, np.zeros(0, dtype=np.int64), AnswerModel(), np.zeros((0, 0)))
    without = _without(material.examples)
    rows = _spaced(np.flatnonzero(given.any(axis=1) | without), MOST_MESSAGES)
    return Learnt(catalogue, given, rows, *_told_apart(material, vocabulary, catalogue, given, without, rows))


def fit_answers(
    learnt: Learnt, material: Material, playbook: Playbook, answers: Sequence[CannedAnswer], fused: Array, texts: Texts
) -> AnswerModel:
    """`fused` are the probabilities of the queues [example, queue], by pools that had not seen the example. Without
    answered messages the prior ranks."""
    rows, model, given = learnt.rows, learnt.model, learnt.given
    if not len(rows):
        return model
    chosen = _spaced(rows, max(1, MOST_PAIRS // len(answers)))
    held = learnt.held[np.searchsorted(rows, chosen)].tolist()
    margins = {row: dict(zip(model.answers, own, strict=True)) for row, own in zip(chosen.tolist(), held, strict=True)}
    order = sorted(range(len(answers)), key=lambda at: answers[at].id)
    written = None if texts.answers is None else texts.answers[order]
    pairs = _Pairs(material, playbook, learnt.catalogue, margins, fused, Texts(texts.examples, written))
    numbers = np.concatenate(list(pairs.numbers(chosen)))
    ranker = _fit_toward(PRIOR, numbers, given[chosen].ravel())
    return AnswerModel(model.answers, model.columns, model.linear, ranker)


def _spaced(rows: Rows, most: int) -> Rows:
    return rows[:: -(-len(rows) // most)] if len(rows) else rows


def _without(examples: Sequence[Example]) -> NDArray[np.bool_]:
    """Which of them no canned answer fits. Where a history hardly ever names one, that it names none says nothing."""
    told = np.array([one.answers_told for one in examples], dtype=bool)
    named = np.array([bool(one.answers) for one in examples], dtype=bool)
    return told & ~named if told.any() and named[told].mean() >= USUAL else np.zeros(len(examples), dtype=bool)


def _told_apart(
    material: Material,
    vocabulary: Vocabulary,
    catalogue: Catalogue,
    given: NDArray[np.bool_],
    without: NDArray[np.bool_],
    rows: Rows,
) -> tuple[AnswerModel, Array]:
    """The model that tells answers apart, and its margins of `rows` [row, label] without the row's fold."""
    from scipy.sparse import vstack  # noqa: PLC0415  only fitting pays for scipy

    often = np.argsort(-given.sum(axis=0), kind="stable")[:MOST_ANSWERS]
    learnt = np.sort(often).tolist()
    own = [reading for at in learnt for reading in _readings(catalogue.answers[at])]
    queues, none = _unanswered(material.examples, without, catalogue.queues)
    whole: Any = vstack([material.given[rows], matrix([vocabulary(one) for one in own], vocabulary.size)]).tocsc()
    columns = _telling(np.diff(whole.indptr), 1 if whole.shape[0] < MANY_TEXTS else 2)
    features = whole[:, columns].tocsr()
    linear, held = fit_held_out(
        features,
        np.vstack(
            [
                np.hstack([given[rows][:, learnt], none[rows]]),
                np.eye(len(learnt), len(learnt) + len(queues), dtype=bool).repeat(2, axis=0),
            ]
        ),
        np.concatenate([material.importance[rows], np.tile([SITUATION, BODY], len(learnt))]),
        np.concatenate([material.folds[rows], np.full(2 * len(learnt), -1)]),
        likeness(features),
    )
    kept = Linear(linear.coefficients.astype(np.float16), linear.intercepts)
    ids = (*(catalogue.answers[at].id for at in learnt), *map(unanswered, queues))
    return AnswerModel(ids, columns.astype(np.int32), kept), held[: len(rows)]


def _unanswered(
    examples: Sequence[Example], without: NDArray[np.bool_], queues: Sequence[str]
) -> tuple[list[str], NDArray[np.bool_]]:
    """Queues of which enough messages fit no answer, and which examples those are [example, queue]."""
    none = np.array([[one.queue == queue for queue in queues] for one in examples], dtype=bool) & without[:, None]
    often = np.flatnonzero(none.sum(axis=0) >= OFTEN).tolist()
    return [queues[at] for at in often], none[:, often]


def _readings(answer: CannedAnswer) -> tuple[Any, Any]:
    body = PLACEHOLDER.sub(" ", answer.body)
    return read_text(f"{answer.title}\n{answer.situation}", answer.language), read_text(body, answer.language)


def _telling(texts: NDArray[np.intp], rarest: int) -> Rows:
    """Columns that stand in so many texts at least, those of the most texts where they are too many."""
    found = np.flatnonzero(texts >= rarest)
    return np.sort(found[np.argsort(-texts[found], kind="stable")[:MOST_COLUMNS]])


class _Pairs:
    """What `answer_numbers` gives for messages by all that had not learned from them."""

    def __init__(
        self,
        material: Material,
        playbook: Playbook,
        catalogue: Catalogue,
        margins: Mapping[int, Mapping[str, float]],
        fused: Array,
        texts: Texts,
    ) -> None:
        self._material, self._playbook, self._catalogue = material, playbook, catalogue
        self._margins, self._fused, self._texts = margins, fused, texts
        passages = [Passage(str(at), answer.searched) for at, answer in enumerate(catalogue.answers)]
        self._lexical = LexicalIndex().update(passages, ())

    def numbers(self, rows: Rows) -> Iterator[Array]:
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            yield from (self._numbers(row, near) for row, near in zip(some.tolist(), self._nearest(some), strict=True))

    def _numbers(self, row: int, near: Iterable[tuple[Sequence[str], float]]) -> Array:
        redacted = self._material.examples[row].redacted
        return answer_numbers(
            self._catalogue,
            dict(zip(self._playbook.queue_ids, self._fused[row].tolist(), strict=True)),
            self._margins[row],
            answered(near),
            self._words(self._material.examples[row]),
            self._vectors(row),
            speaker_of(redacted, {}),
            self._playbook.language,
        )

    def _words(self, example: Example) -> Array:
        count = len(self._catalogue.answers)
        text = together(example.redacted.subject, example.redacted.own)
        found = self._lexical.search(text, count, {})
        return np.array([found.get(str(at), 0.0) for at in range(count)])

    def _vectors(self, row: int) -> Array:
        if self._texts.examples is None or self._texts.answers is None:
            return np.zeros(len(self._catalogue.answers))
        return np.asarray(self._texts.answers @ self._texts.examples[row], dtype=np.float64)

    def _nearest(self, rows: Rows) -> Iterator[list[tuple[Sequence[str], float]]]:
        """For each row those of other folds, as the classifier's margins are."""
        if self._texts.examples is None:
            yield from ([] for _ in rows)
            return
        for row, similar in zip(rows, self._texts.examples[rows] @ self._texts.examples.T, strict=True):
            similar[self._material.folds == self._material.folds[row]] = -1.0
            near = np.argpartition(-similar, min(SPEAKING, len(similar) - 1))[:SPEAKING]
            ordered = near[np.argsort(-similar[near], kind="stable")].tolist()
            yield [(self._material.examples[at].answers, float(similar[at])) for at in ordered]


def _fit_toward(prior: Signal, given: Array, yes: NDArray[np.bool_]) -> Signal:
    """A logistic regression drawn towards the prior: few messages move it little."""
    from scipy.optimize import minimize  # noqa: PLC0415

    inputs = np.concatenate([given, np.ones((len(given), 1))], axis=1)
    start = np.array([*prior.weights, prior.bias])
    signs = np.where(yes, 1.0, -1.0)

    def loss(weights: Array) -> tuple[float, Array]:
        said = signs * (inputs @ weights)
        off = weights - start
        wrong = signs / (1 + np.exp(np.clip(said, -50, 50)))
        return float(np.logaddexp(0, -said).sum() + STRENGTH * off @ off), 2 * STRENGTH * off - inputs.T @ wrong

    found = minimize(loss, start, jac=True, method="L-BFGS-B").x
    *weights, bias = (round(float(one), 6) for one in found)
    return Signal(tuple(weights), bias, prior.threshold)
