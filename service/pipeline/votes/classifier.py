"""The voter that learned from confirmed messages, the playbook and the canned answers."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from retrieval.passages import Vector
from service.domain.redacted import Redacted
from service.domain.votes import Evidence, Vote
from service.learning.asides import ask_numbers, flag_numbers
from service.learning.confidence import best_two
from service.learning.learned import Learned
from service.learning.linear import Scores, margins_of
from service.learning.pool import softmax
from service.learning.reading import Reading, read
from service.learning.sentences import sentences
from service.learning.vocabulary import Features

EMPTY = "empty"
UNFAMILIAR = "unfamiliar"
"""Reasons of a vote: the message has no words; it has hardly a word that was ever seen."""

LEAST = 0.002
"""Probabilities below it are left out of a vote."""
QUOTES = 2
QUOTED_WORDS = 4


def vote(redacted: Redacted, learned: Learned, vector: Vector | None = None) -> Vote:
    """Calibrated probabilities; abstains on a message without words. Evidence: the words that weighed most.

    `vector` is the message's by the account's embedder, where there is one that knows meanings and answers.
    """
    reading = read(redacted)
    if not reading.words:
        return Vote(voter="classifier", reason=EMPTY)
    features = learned.vocabulary(reading)
    margins = learned.linear(features)
    flags, secondary = _asides(redacted, reading, features, margins, learned)
    scores = softmax(_scores(margins, vector, learned))
    best = int(scores.argmax())
    return Vote(
        voter="classifier",
        scores={queue: float(score) for queue, score in zip(learned.queues, scores, strict=True) if score >= LEAST},
        flags=flags,
        secondary=secondary,
        evidence=tuple(_evidence(redacted, reading, features, learned, best)),
        words=len(reading.words),
        margins=best_two(margins),
        reason=UNFAMILIAR if learned.vocabulary.known_share(reading) < learned.familiar else "",
    )


def _scores(margins: Scores, vector: Vector | None, learned: Learned) -> Scores:
    if vector is not None and learned.embedded is not None and learned.embedded.fits(vector):
        return learned.embedded.joined(margins, vector)
    return learned.sharpness * margins


def _asides(
    redacted: Redacted, reading: Reading, features: Features, margins: Scores, learned: Learned
) -> tuple[dict[str, float], dict[str, float]]:
    """Probabilities of flags, and of queues' being asked for besides, by the text alone."""
    told = sentences(redacted, reading)
    parts = [learned.vocabulary(one.reading) for one in told]
    count, whole = len(learned.flags), learned.asides(features)
    beside = margins_of(learned.asides, parts)
    said = softmax(learned.sharpness * margins_of(learned.linear, parts))
    flags = flag_numbers(whole[:count], beside[:, :count]).tolist()
    asks = ask_numbers(margins, whole[count:], said, [one.cue for one in told], len(reading.words)).tolist()
    likely = {queue: learned.ask_signal(given) for queue, given in zip(learned.queues, asks, strict=True)}
    return (
        {flag: signal(given) for flag, signal, given in zip(learned.flags, learned.text_signals, flags, strict=True)},
        {queue: probability for queue, probability in likely.items() if probability >= LEAST},
    )


def _evidence(
    redacted: Redacted, reading: Reading, features: Features, learned: Learned, best: int
) -> Iterator[Evidence]:
    weights = _weights_of_words(reading, features, learned, best)[reading.subject :]
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


def _weights_of_words(reading: Reading, features: Features, learned: Learned, best: int) -> NDArray[np.float64]:
    """How much more each word speaks for the best queue than for all queues on average."""
    rows = learned.linear.coefficients[features.columns]
    gains = features.values * (rows[:, best] - rows.mean(axis=1))
    gain_of = dict(zip(features.columns.tolist(), gains.tolist(), strict=True))
    return np.array(
        [
            gain_of.get(learned.vocabulary.column_of_stem(stem), 0.0)
            + sum(gain_of.get(column, 0.0) for column in learned.vocabulary.columns_of_word(word))
            for stem, word in zip(reading.stems, reading.words, strict=True)
        ]
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
