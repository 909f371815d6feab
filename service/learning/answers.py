"""Which canned answers a good reply rests on: a few numbers an answer, and what each of them is worth.

Text alone finds a labelled answer among the first three for half to two thirds of the mail. Most of the rest is
learned: a linear model that tells an account's answers apart by a message's words, as the classifier tells its
queues, times the decided probability of each answer's queue. What these, the nearest confirmed messages and plain
search are worth together is a logistic regression over pairs of message and answer, fitted out of fold ("learning
to rank", pointwise: Liu, Foundations and Trends in Information Retrieval, 2009), so that a score is a probability.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from service.domain.answers import Audience, CannedAnswer
from service.learning.linear import Linear
from service.learning.signals import Signal
from service.learning.speaker import Speaker
from service.learning.spread import Spread

Array = NDArray[np.float64]
"""One number an answer, unless it says otherwise."""

PRIOR = Signal((1.0, 1.3, 2.0, 1.2, 1.5, 0.5, 0.5, -1.5, -2.0), 1.5, 0.5)
"""What the numbers are worth before any message was answered. On the reference account without its history the best
answers of scores near 0.31, 0.50, 0.70 and 0.86 were right in 0.44, 0.58, 0.83 and 0.96: modest, never bold."""
SPEAKING = 15
"""How many of the nearest confirmed messages speak for the answers that they got."""
SECONDARY = 0.5
"""Probability of a queue that is asked for besides the main one: 0.1 to 0.8 measure alike."""

_SHARPNESS = 6.0
_LEAST_QUEUE, _LEAST_WITHIN = 3e-3, 1e-3
_CLOSENESS, _RELEVANT, _SILENT, _LATER = 3, 0.1, 1.0, 0.5
_UNLEARNED = -0.9


@dataclass(frozen=True)
class AnswerModel:
    """`linear` has a label for each of `answers`, ids of canned ones and `unanswered` queues, and a row for each of
    `columns` of the vocabulary, which are in order; `ranker` weighs `answer_numbers`."""

    answers: tuple[str, ...] = ()
    columns: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    linear: Linear = field(default_factory=lambda: Linear(np.zeros((0, 0), np.float16), np.zeros(0, np.float32)))
    ranker: Signal = PRIOR

    def margins(self, given: Spread) -> dict[str, float]:
        """How much a message's words speak for each answer that was learned: about -1 for no, 1 for yes."""
        if not len(self.columns):
            return {}
        columns, coefficients = self._at_hand
        places = np.minimum(np.searchsorted(columns, given.columns), len(columns) - 1)
        known = columns[places] == given.columns
        found = given.values[0][known] @ coefficients[places[known]] + self.linear.intercepts
        return dict(zip(self.answers, found.tolist(), strict=True))

    @cached_property
    def _at_hand(self) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Columns and coefficients as numpy computes with them: converting them took most of a message's margins."""
        return self.columns.astype(np.intp), self.linear.coefficients.astype(np.float32)

    def scores(self, numbers: Array) -> Array:
        """Probabilities that a good reply rests on each answer, of its numbers [answer, number]."""
        said = numbers @ np.array(self.ranker.weights) + self.ranker.bias
        return np.asarray(1 / (1 + np.exp(-said)))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """An account's answers as they are compared: the place of each one's queue among `queues`, of each id, and what
    else is asked of all of them at once."""

    answers: Sequence[CannedAnswer]
    queues: tuple[str, ...]
    groups: NDArray[np.intp]
    places: Mapping[str, int]
    languages: NDArray[np.str_]
    audiences: NDArray[np.str_]

    @classmethod
    def of(cls, answers: Sequence[CannedAnswer]) -> "Catalogue":
        queues = tuple(dict.fromkeys(answer.queue for answer in answers))
        number = {queue: at for at, queue in enumerate(queues)}
        return cls(
            answers,
            queues,
            np.array([number[answer.queue] for answer in answers], dtype=np.intp),
            {answer.id: at for at, answer in enumerate(answers)},
            np.array([answer.language for answer in answers], dtype=np.str_),
            np.array([answer.audience for answer in answers], dtype=np.str_),
        )

    def spoken(self, language: str, usual: str) -> tuple[Array, Array]:
        """Which answers are in the customer's language where it is not the account's usual one, and which are in
        neither of the two."""
        theirs = (self.languages == language) & (language != usual)
        return theirs.astype(np.float64), ((self.languages != language) & (self.languages != usual)).astype(np.float64)

    def misaddressed(self, audience: Audience | None) -> Array:
        """Which answers are for somebody else than the sender while their queue has some for him."""
        if audience is None:
            return np.zeros(len(self.answers))
        theirs = self.audiences == audience
        served = np.bincount(self.groups, theirs, len(self.queues)) > 0
        return np.asarray(served[self.groups] & ~theirs, dtype=np.float64)

    def by_id(self, told: Mapping[str, float], unknown: float = 0.0) -> Array:
        found = np.full(len(self.answers), unknown)
        for answer, number in told.items():
            if (place := self.places.get(answer)) is not None:
                found[place] = number
        return found


def unanswered(queue: str) -> str:
    """What stands, among the answers of a queue, for that none of them fits."""
    return f"{queue}: none"


def answer_numbers(
    catalogue: Catalogue,
    queues: Mapping[str, float],
    margins: Mapping[str, float],
    answered: Mapping[str, float],
    words: Array,
    vectors: Array,
    speaker: Speaker,
    usual: str,
) -> Array:
    """[answer, 9]: what speaks for each answer. `queues` are probabilities, `margins` the model's by answer, `words`
    BM25 scores, `vectors` cosines, `usual` the account's language.

    In order: the logarithm of its queue's probability; that of its own among its queue's answers, that none fits being
    one of them where that was learned; its margin; how
    much the nearest messages that were answered with it count; words and vectors against the best answer's; whether
    it is in the customer's language, in a strange one, for somebody else.
    """
    own = _completed(catalogue.by_id(margins, np.nan), catalogue.groups)
    none = np.array([margins.get(unanswered(queue), -np.inf) for queue in catalogue.queues])
    asked = np.array([queues.get(queue, 0.0) for queue in catalogue.queues])[catalogue.groups]
    return np.stack(
        [
            np.log(asked + _LEAST_QUEUE),
            np.log(_within(own, none, catalogue.groups) + _LEAST_WITHIN),
            own,
            catalogue.by_id(answered),
            _of_the_best(words),
            _of_the_best(vectors),
            *catalogue.spoken(speaker.language, usual),
            catalogue.misaddressed(speaker.audience),
        ],
        axis=-1,
    )


def answered(nearest: Iterable[tuple[Sequence[str], float]]) -> dict[str, float]:
    """Each answer's share of the weight of (answers, similarity) pairs, the nearest first; later answers of a message
    count less.

    A silent neighbour is added, lest few that are far speak like many that are near. Below a similarity of 0.1 (the
    nearest of a handful of messages is at 0.16 in the middle) all count less. Where it is not known how similar they
    are, their order counts.
    """
    heard = [(answers, max(similarity, 0.0)) for answers, similarity in nearest][:SPEAKING]
    best = max((similarity for _, similarity in heard), default=0.0)
    relevance = min(1.0, best / _RELEVANT)
    if best <= 0:
        heard = [(answers, 1 / rank) for rank, (answers, _) in enumerate(heard, start=1)]
        best = relevance = 1.0
    weights = [(similarity / best) ** _CLOSENESS * relevance for _, similarity in heard]
    total = sum(weights) + _SILENT
    share: dict[str, float] = {}
    for (answers, _), weight in zip(heard, weights, strict=True):
        for place, answer in enumerate(answers):
            share[answer] = share.get(answer, 0.0) + weight / total / (1 + _LATER * place)
    return share


def _completed(margins: Array, groups: NDArray[np.intp]) -> Array:
    """An answer that is too new to have been learned stands in the middle of its queue's."""
    unknown = np.isnan(margins)
    if not unknown.any():
        return margins
    count = int(groups.max(initial=-1)) + 1
    sums = np.bincount(groups, np.where(unknown, 0.0, margins), count)
    known = np.bincount(groups, ~unknown, count)
    middle = np.where(known > 0, sums / np.maximum(known, 1), _UNLEARNED)
    return np.where(unknown, middle[groups], margins)


def _within(margins: Array, none: Array, groups: NDArray[np.intp]) -> Array:
    """Each answer's probability among those of its queue; `none` [queue] are the margins that none of them fits."""
    top = max(margins.max(initial=-np.inf), none.max(initial=-np.inf))
    raised = np.exp(_SHARPNESS * (margins - top))
    total = np.bincount(groups, raised, len(none)) + np.exp(_SHARPNESS * (none - top))
    return np.asarray(raised / np.maximum(total, 1e-300)[groups])


def _of_the_best(signal: Array) -> Array:
    best = signal.max(initial=0.0)
    return np.maximum(signal, 0.0) / best if best > 0 else np.zeros(len(signal))
