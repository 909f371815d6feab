"""What stands beside the main ask: the numbers from which flags and other asks are told."""

from collections.abc import Mapping, Sequence
from math import log1p

import numpy as np
from numpy.typing import NDArray

from service.learning.signals import log_odds_of_each

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

DRAWN = 10.0
"""Messages that it takes to move how often a queue is asked for besides another halfway from what is usual; 3 to 30
measure alike."""
RAREST = 1e-4


def flag_numbers(whole: Array, parts: Array, words: int) -> Array:
    """[flag, 3]: the margins of the whole message, the highest of a sentence, since a flag stands in one of them, and
    the length: who is in distress writes more.

    `whole` is [flag], `parts` [sentence, flag].
    """
    return np.stack([whole, parts.max(axis=0), np.full(len(whole), log1p(words))], axis=-1)


def ask_numbers(whole: Array, beside: Array, said: Array, cues: Sequence[bool], words: int) -> Array:
    """[queue, 8]: what the text says for each queue's being asked for besides the main one.

    `whole` are the classifier's margins of the message, `said` its probabilities [sentence, queue], `beside` the
    margins of being asked for besides: of the message, then of each sentence. In order: both margins of the message;
    the probability that some sentence after the first is about the queue; whether it is any sentence's best; whether
    words announce another ask in the sentence that is most about it; where that sentence stands, from 0 to 1; the
    length; and the highest margin of a sentence: of a short ask in a long message the message itself says little.
    """
    count, queues = said.shape
    place = said.argmax(axis=0)
    best = np.zeros(queues)
    best[said.argmax(axis=1)] = 1.0
    return np.stack(
        [
            whole,
            beside[0],
            1 - np.prod(1 - said[1:], axis=0),
            best,
            np.asarray(cues, dtype=np.float64)[place],
            place / count,
            np.full(queues, log1p(words)),
            beside[1:].max(axis=0),
        ],
        axis=-1,
    )


def besides(labels: Rows, asked: Sequence[tuple[int, int]], weights: Array, count: int) -> Array:
    """[queue, queue]: how often a message of the first asks for the second besides, drawn towards how often any does.

    `labels` are the messages' queues, `asked` the messages and the queues that they ask for besides.
    """
    seen = np.bincount(labels, weights, count)
    told = np.zeros((count, count))
    for message, queue in asked:
        told[labels[message], queue] += weights[message]
    usual = told.sum(axis=0) / max(seen.sum(), 1.0)
    return np.asarray((told + DRAWN * usual) / (seen + DRAWN)[:, None])


def secondary_numbers(
    text: Array, fused: Array, often: Array, keywords: Mapping[str, float], queues: Sequence[str]
) -> Array:
    """[queue, 5]: log-odds that the text asks for each queue as well, of the queue and of the best one; how much the
    keywords speak for it, as the logarithm of its odds against none: other queues' keywords leave it as it is; and
    the logarithm of `often`, how often messages that are about what this one is about ask for it besides."""
    doubt = max(1e-6, 1 - sum(keywords.values()))
    said, likely = log_odds_of_each(text), log_odds_of_each(fused)
    told = np.log1p(np.array([keywords.get(queue, 0.0) for queue in queues]) / doubt)
    besides_it = np.log(np.clip(often, RAREST, 1.0))
    return np.stack([said, likely, np.full(len(queues), likely.max()), told, besides_it], axis=-1)
