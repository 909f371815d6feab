"""What stands beside the main ask: the numbers from which flags and other asks are told."""

from collections.abc import Mapping, Sequence
from math import log1p

import numpy as np
from numpy.typing import NDArray

from service.learning.signals import log_odds_of_each

Array = NDArray[np.float64]


def flag_numbers(whole: Array, parts: Array) -> Array:
    """[flag, 2]: the margins of the whole message, and the highest of a sentence: a flag stands in one of them.

    `whole` is [flag], `parts` [sentence, flag].
    """
    return np.stack([whole, parts.max(axis=0)], axis=-1)


def ask_numbers(whole: Array, asked: Array, said: Array, cues: Sequence[bool], words: int) -> Array:
    """[queue, 7]: what the text says for each queue's being asked for besides the main one.

    `whole` are the classifier's margins of the message, `asked` the margins of being asked for besides, `said` the
    classifier's probabilities [sentence, queue]. In order: both margins; the probability that some sentence after
    the first is about the queue; whether it is any sentence's best; whether words announce another ask in the
    sentence that is most about it; where that sentence stands, from 0 to 1; and the length.
    """
    count, queues = said.shape
    place = said.argmax(axis=0)
    best = np.zeros(queues)
    best[said.argmax(axis=1)] = 1.0
    return np.stack(
        [
            whole,
            asked,
            1 - np.prod(1 - said[1:], axis=0),
            best,
            np.asarray(cues, dtype=np.float64)[place],
            place / count,
            np.full(queues, log1p(words)),
        ],
        axis=-1,
    )


def secondary_numbers(text: Array, fused: Array, keywords: Mapping[str, float], queues: Sequence[str]) -> Array:
    """[queue, 4]: log-odds that the text asks for each queue as well, of the queue and of the best one, and how much
    the keywords speak for it, as the logarithm of its odds against none: other queues' keywords leave it as it is."""
    doubt = max(1e-6, 1 - sum(keywords.values()))
    said, likely = log_odds_of_each(text), log_odds_of_each(fused)
    told = np.log1p(np.array([keywords.get(queue, 0.0) for queue in queues]) / doubt)
    return np.stack([said, likely, np.full(len(queues), likely.max()), told], axis=-1)
