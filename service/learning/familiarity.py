"""Whether a message is of a kind that the account knows at all.

A probability says which queue is likeliest among those known; of a message that is none of them it says nothing. How
much its words say for any queue, whether the voters agree and whether a keyword speaks tell more, and a logistic
regression weighs them together (Wolpert, "Stacked generalization", Neural Networks 1992). Its weights are learned
where whole queues were left out of an account (`python -m evals.suites.leaving_out`). They carry over to other
accounts because each number is told in units of what the account's own messages show: so many standard deviations
from their mean.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from service.learning.pool import views_of
from service.settings import PROMPTS
from service.yaml_file import read_yaml

Array = NDArray[np.float64]
Kinship = Literal["known", "unfamiliar", "unseen"]
"""`unfamiliar`: too little like what is known to be routed without an advisor. `unseen`: like nothing known."""


@dataclass(frozen=True, slots=True)
class Levels:
    """Shares of an account's own messages: of the sure ones that may be kept back (`routed`), of all that may be
    said to be like nothing known (`named`)."""

    routed: float
    named: float


@dataclass(frozen=True, slots=True)
class Weighting:
    """What `prompts/learning/familiarity.yaml` holds: a weight a number, and the levels where confirmed messages or
    made-up ones tell them."""

    weights: Mapping[str, float]
    confirmed: Levels
    made_up: Levels


@dataclass(frozen=True, slots=True)
class Familiarity:
    """`middle` and `spread` of each number over the account's own messages; a spread of 0 keeps a number silent.
    Scores below `routed` and `named` are unfamiliar and unseen."""

    weights: tuple[float, ...]
    middle: tuple[float, ...]
    spread: tuple[float, ...]
    routed: float
    named: float

    def units(self, numbers: Sequence[float]) -> list[float]:
        rows = zip(numbers, self.middle, self.spread, strict=True)
        return [(number - middle) / spread if spread else 0.0 for number, middle, spread in rows]

    def score(self, numbers: Sequence[float]) -> float:
        """Higher is more familiar; 0 is the mean of the account's own messages."""
        return sum(weight * unit for weight, unit in zip(self.weights, self.units(numbers), strict=True))

    def kinship(self, numbers: Sequence[float]) -> Kinship:
        score = self.score(numbers)
        return "unseen" if score < self.named else "unfamiliar" if score < self.routed else "known"


def familiarity_numbers(confidence: Sequence[float], pooled: Array, keywords: Array) -> list[float]:
    """The numbers of confidence (`confidence_numbers`), the entropy of the pool's probabilities, and how silent the
    keywords are: their opinion of the queue that they say least for."""
    return [*confidence, -float(pooled @ np.log(pooled + 1e-9)), float(keywords.min())]


def names_of(voters: Iterable[str]) -> tuple[str, ...]:
    """What the weights of `familiarity_numbers` are called, in its order."""
    return ("probability", "lead", *views_of(voters), "first", "second", "distance", "length", "entropy", "silence")


@lru_cache(maxsize=1)
def weighting() -> Weighting:
    told = read_yaml(PROMPTS / "learning" / "familiarity.yaml")
    return Weighting(told["weights"], Levels(**told["confirmed"]), Levels(**told["made_up"]))
