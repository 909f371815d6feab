"""Precision, recall and F1 of queues, flags and secondary queues; how well recall found the labelled answers."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from evals.harness.predictions import Prediction

DEPTHS = (1, 3, 5)


@dataclass(frozen=True, slots=True)
class Score:
    """`n` expected, `said` predicted, `hits` both. What divides by nothing is None."""

    n: int
    said: int
    hits: int

    @property
    def precision(self) -> float | None:
        return self.hits / self.said if self.said else None

    @property
    def recall(self) -> float | None:
        return self.hits / self.n if self.n else None

    @property
    def f1(self) -> float | None:
        return 2 * self.hits / (self.n + self.said) if self.n + self.said else None


def score_labels(pairs: Iterable[tuple[Collection[str], Collection[str]]]) -> dict[str, Score]:
    """By label, over pairs of what is expected and what is said."""
    expected: Counter[str] = Counter()
    said: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for right, given in pairs:
        expected.update(set(right))
        said.update(set(given))
        hits.update(set(right) & set(given))
    return {name: Score(expected[name], said[name], hits[name]) for name in sorted({*expected, *said})}


def together(scores: Iterable[Score]) -> Score:
    """Micro average: each (message, label) pair counts alike."""
    known = list(scores)
    return Score(sum(one.n for one in known), sum(one.said for one in known), sum(one.hits for one in known))


def score_queues(predictions: Sequence[Prediction]) -> dict[str, Score]:
    return score_labels(([one.expected.queue], [one.guess] if one.guess else []) for one in predictions)


def macro_f1(scores: Iterable[Score]) -> float | None:
    """Mean F1 of the queues that are expected or predicted at least once."""
    known = [one.f1 or 0.0 for one in scores]
    return sum(known) / len(known) if known else None


def score_retrieval(predictions: Sequence[Prediction]) -> dict[str, float | None]:
    """Over messages with labelled answers: `recall_at_k`, mean share of them among the first k; `found_at_k`, share of
    messages of which one at least is; and the mean of one over the rank of the first (0 where it is not among those
    considered)."""
    asked = [one for one in predictions if one.expected.answers]
    if not asked:
        return dict.fromkeys([*(f"{name}_at_{k}" for name in ("recall", "found") for k in DEPTHS), "mrr"])
    ranks = [_reciprocal_rank(one) for one in asked]
    return {
        **{f"recall_at_{k}": sum(_recall(one, k) for one in asked) / len(asked) for k in DEPTHS},
        **{f"found_at_{k}": sum(rank >= 1 / k for rank in ranks) / len(asked) for k in DEPTHS},
        "mrr": sum(ranks) / len(asked),
    }


def _recall(one: Prediction, depth: int) -> float:
    wanted = set(one.expected.answers)
    return len(wanted & set(one.answers_ranked[:depth])) / len(wanted)


def _reciprocal_rank(one: Prediction) -> float:
    ranks = (at for at, answer in enumerate(one.answers_ranked, start=1) if answer in one.expected.answers)
    return 1 / next(ranks, float("inf"))
