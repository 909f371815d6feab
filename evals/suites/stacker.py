"""Whether a message is of a kind that the account knows at all: a stacker over what the votes tell, fitted on questions
in and out of scope, beside the product's own familiarity, which has seen neither.

A probability says which queue is likeliest among those known; of a message that is none of them it says little.
Nearness and known words say more, and a logistic regression weighs them together (Wolpert, "Stacked
generalization", Neural Networks 1992).
"""

from collections.abc import Sequence
from math import inf, log1p

import numpy as np
from numpy.typing import NDArray

from evals.voters import Voters
from service.domain.redacted import Redacted
from service.learning.reading import Reading, read
from service.learning.signals import Signal, fit_logistic, log_odds
from service.learning.spread import spread
from service.learning.vocabulary import Places, Vocabulary
from service.pipeline.fusion import familiarity_of, fuse
from service.pipeline.recall import search_text

Array = NDArray[np.float64]


def stacker_numbers(voters: Voters, redacted: Redacted) -> tuple[list[float], str | None, float]:
    """Greatest probability, its lead, entropy, the classifier's two best margins, similarity of the nearest and of
    the nearest ones on average, the neighbours' agreement with the best queue, known words, length, a keyword's
    word for the best queue, how much the classifier's second view says for any queue, known words by how rare they
    are, known pairs of words, known runs of characters; then the best queue, and the product's own familiarity, of no
    unit."""
    near = voters.candidates(redacted)
    votes = voters.votes(redacted, near)
    queues = voters.account.playbook.queue_ids
    fused = fuse(votes, queues, voters.learned)
    if fused is None:
        return [log_odds(0.0)] + [0.0] * 14, None, -inf
    own = familiarity_of(votes, queues, voters.learned)
    chances = np.sort(fused.probabilities)[::-1]
    best = fused.queues[fused.best]
    keywords, text, neighbours = votes
    first, second = text.margins or (-1.0, -1.0)
    similar = [one.similarity for one in near.neighbours] or [0.0]
    reading = read(redacted)
    return (
        [
            log_odds(float(chances[0])),
            float(np.log(chances[0] + 1e-9) - np.log(chances[1] + 1e-9)),
            float(-(chances * np.log(chances + 1e-9)).sum()),
            first,
            second,
            max(similar),
            float(np.mean(similar)),
            neighbours.scores.get(best, 0.0),
            voters.learned.vocabulary.known_share(reading),
            log1p(len(reading.words)),
            keywords.scores.get(best, 0.0),
            _second_view(voters, redacted, reading),
            *_known(voters.learned.vocabulary, reading),
        ],
        best,
        own[0].score(own[1]) if own else 0.0,
    )


def _second_view(voters: Voters, redacted: Redacted, reading: Reading) -> float:
    """The greatest margin by the classifier's second view alone, of the vector or of the network; 0 without one."""
    learned = voters.learned
    if learned.embedded:
        return float(learned.embedded(voters.embedder.embed([search_text(redacted)])[0]).max())
    if learned.network is None:
        return 0.0
    given = spread(learned.vocabulary, reading, ())
    return float(learned.network(given.columns, given.values[0]).max())


def _known(vocabulary: Vocabulary, reading: Reading) -> tuple[float, float, float]:
    """Shares of what is known: of words, each counting by how rare it is, of pairs of words, of runs of characters."""
    stems = np.array(vocabulary.columns_of_stems(reading), dtype=np.intp)
    rare = np.where(stems < 0, vocabulary.strange_idf, vocabulary.idf[stems])
    pairs, runs = vocabulary.columns_of_pairs(reading), vocabulary.columns_of_grams(reading)
    return _share(stems, rare), _share(pairs, np.ones(len(pairs))), _share(runs, np.ones(len(runs)))


def _share(columns: Sequence[int] | Places, weights: Array) -> float:
    """0 of nothing."""
    return float(weights[np.asarray(columns, dtype=np.intp) >= 0].sum() / max(weights.sum(), 1e-9))


def fit_stacker(inside: Array, outside: Array) -> Signal:
    """The probability that a message of these numbers is in scope, either kind counting alike. Raises ValueError
    where one kind is too rare."""
    repeated = np.repeat(outside, max(1, round(len(inside) / len(outside))), axis=0)
    mean, spread = inside.mean(axis=0), inside.std(axis=0) + 1e-6
    given = (np.concatenate([inside, repeated]) - mean) / spread
    fitted = fit_logistic(given, np.arange(len(given)) < len(inside))
    if fitted is None:
        raise ValueError("too few messages in or out of scope to learn from")
    weights = np.array(fitted.weights) / spread
    return Signal(tuple(weights.tolist()), fitted.bias - float(weights @ mean), 0.5)
