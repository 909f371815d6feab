"""The voter that learned from confirmed messages, the playbook and the canned answers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.passages import Vector
from service.domain.redacted import Redacted
from service.domain.votes import Evidence, Vote
from service.learning.asides import ask_numbers, flag_numbers
from service.learning.confidence import best_two
from service.learning.learned import Learned
from service.learning.linear import Scores
from service.learning.pool import softmax
from service.learning.reading import Reading, read
from service.learning.sentences import Sentence, sentences
from service.learning.spread import Spread, spread
from service.learning.views import ANYWHERE, ASKED, KINDRED, OPENING, anywhere, asked, opening

EMPTY = "empty"
UNFAMILIAR = "unfamiliar"
"""Reasons of a vote: the message has no words; it has hardly a word that was ever seen."""

LEAST = 0.002
"""Probabilities below it are left out of a vote."""
ABOUT = 0.02
"""Probability from which a sentence may be about a queue."""
QUOTES = 2
QUOTED_WORDS = 4


class Heard(NamedTuple):
    """A vote, and how much the same words speak for each canned answer that was learned."""

    vote: Vote
    answers: Mapping[str, float]


def vote(redacted: Redacted, learned: Learned, vector: Vector | None = None) -> Vote:
    """What `hear` says of the queues alone."""
    return hear(redacted, learned, vector).vote


def hear(redacted: Redacted, learned: Learned, vector: Vector | None = None) -> Heard:
    """Calibrated probabilities; abstains on a message without words. Evidence: the words that weighed most.

    `vector` is the message's by the account's embedder, where there is one that knows meanings and answers.
    """
    reading = read(redacted)
    if not reading.words:
        return Heard(Vote(voter="classifier", reason=EMPTY), {})
    told = sentences(redacted, reading)
    given = spread(learned.vocabulary, reading, [one.bounds for one in told])
    by_queue = given.margins(learned.linear)
    margins = by_queue[0]
    said = softmax(learned.sharpness * by_queue[1:])
    flags, secondary = _asides(told, given, by_queue, said, len(reading.words), learned)
    scores = softmax(_scores(given, margins, vector, learned))
    best = int(scores.argmax())
    voted = Vote(
        voter="classifier",
        scores=_likely(scores, learned),
        flags=flags,
        secondary=secondary,
        evidence=tuple(_evidence(redacted, reading, given, learned, best)),
        words=len(reading.words),
        margins=best_two(margins),
        places=_places(told, said, reading, learned),
        views=_views(told, said, given, learned),
        reason=UNFAMILIAR if learned.vocabulary.known_share(reading) < learned.familiar else "",
    )
    return Heard(voted, learned.answers.margins(given))


def _scores(given: Spread, margins: Scores, vector: Vector | None, learned: Learned) -> Scores:
    """By the words, and by the second view where there is one and it can be asked."""
    if vector is not None and learned.embedded is not None and learned.embedded.fits(vector):
        return learned.embedded.joined(margins, vector)
    if learned.network is not None:
        return learned.network.joined(margins, given.columns, given.values[0])
    return learned.sharpness * margins


def _views(told: Sequence[Sentence], said: Scores, given: Spread, learned: Learned) -> dict[str, dict[str, float]]:
    kindred = learned.kindred(given.columns, given.values[0], len(learned.queues))
    return {
        OPENING: _likely(opening(said), learned),
        ANYWHERE: _likely(anywhere(said), learned),
        ASKED: _likely(asked(said, [one.asks for one in told]), learned),
        KINDRED: _likely(kindred, learned),
    }


def _likely(scores: Scores, learned: Learned) -> dict[str, float]:
    return {
        queue: min(1.0, score) for queue, score in zip(learned.queues, scores.tolist(), strict=True) if score >= LEAST
    }


def _asides(
    told: Sequence[Sentence], given: Spread, by_queue: Scores, said: Scores, words: int, learned: Learned
) -> tuple[dict[str, float], dict[str, float]]:
    """Probabilities of flags, and of queues' being asked for besides, by the text alone."""
    count, beside = len(learned.flags), given.margins(learned.asides)
    flags = flag_numbers(beside[0, :count], beside[1:, :count], words).tolist()
    asks = ask_numbers(by_queue[0], beside[:, count:], said, [one.cue for one in told], words)
    likely = zip(learned.queues, learned.ask_signal.of_each(asks).tolist(), strict=True)
    return (
        {flag: signal(one) for flag, signal, one in zip(learned.flags, learned.text_signals, flags, strict=True)},
        {queue: probability for queue, probability in likely if probability >= LEAST},
    )


def _places(told: Sequence[Sentence], said: Scores, reading: Reading, learned: Learned) -> dict[str, tuple[int, int]]:
    """For each queue that some sentence of the body may be about, the one that is most about it."""
    body = [at for at, one in enumerate(told) if one.bounds[0] >= reading.subject]
    if not body:
        return {}
    inside = said[body]
    spans = reading.spans
    places: dict[str, tuple[int, int]] = {}
    for number, (at, share) in enumerate(zip(inside.argmax(axis=0).tolist(), inside.max(axis=0).tolist(), strict=True)):
        if share >= ABOUT:
            first, last = (word - reading.subject for word in told[body[at]].bounds)
            places[learned.queues[number]] = (spans[first][0], spans[last - 1][1])
    return places


def _evidence(redacted: Redacted, reading: Reading, given: Spread, learned: Learned, best: int) -> Iterator[Evidence]:
    weights = given.gains(learned.linear, best, len(reading.words))[reading.subject :]
    for first, last in _phrases(weights):
        start, end = reading.spans[first][0], reading.spans[last][1]
        source = redacted.alignment.to_source(start, end) or (None, None)
        yield Evidence(
            voter="classifier",
            kind="quote",
            text=redacted.text[start:end],
            start=source[0],
            end=source[1],
            queue=learned.queues[best],
        )


def _phrases(weights: NDArray[np.float64]) -> Iterator[tuple[int, int]]:
    """The weightiest stretches of a few words, apart from each other, first and last word of each."""
    left = weights.copy()
    for _ in range(QUOTES):
        if not len(left) or left.max() <= 0:
            return
        size = min(QUOTED_WORDS, len(left))
        first = int(np.convolve(left, np.ones(size), mode="valid").argmax())
        inside = [at for at in range(first, first + size) if left[at] > 0]
        if not inside:
            return
        yield inside[0], inside[-1]
        left[max(0, first - 1) : first + size + 1] = -10.0
