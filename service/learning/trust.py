"""What a model's word has earned: by how it stands to the local voters, and by how likely its own tokens were.

A model's stated confidence is not believed. Each way of standing has a Beta prior, careful until people have
confirmed or corrected messages that the model spoke about; the mean of the posterior is the probability that it
is right (Gelman et al., "Bayesian Data Analysis", chapter 2). The likelihood of a queue's tokens splits a way of
standing into finer ones, each shrunk towards the others' history. Models trained on human preference are surer
than right (OpenAI, "GPT-4 technical report", 2023), so that without history a likelihood may only lower trust.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp, lgamma, log, log1p

PRIORS = {"agrees_sure": (97.0, 3.0), "agrees": (18.0, 2.0), "among": (8.0, 2.0), "apart": (3.0, 2.0)}
"""Right and wrong, by how the model's queue stands to the local voters: their sure best, their best, among their
first three, or none of these."""
LIKELIHOODS = (("torn", 0.6, 0.5), ("leaning", 0.9, 0.75), ("likely", 0.99, 0.95), ("certain", 1.01, 1.0))
"""What a likelihood is called below each bound, and the most that it lets one trust until history counts."""

Counts = Mapping[str, tuple[int, int]]


def likelihood_name(likelihood: float | None) -> str:
    """Empty where the provider tells nothing."""
    if likelihood is None:
        return ""
    return next(name for name, bound, _ in LIKELIHOODS if likelihood < bound)


def standing_of(stance: str, likelihood: float | None) -> str:
    """The name under which history counts a model's word, such as `agrees_sure` or `among:torn`."""
    name = likelihood_name(likelihood)
    return f"{stance}:{name}" if name else stance


@dataclass(frozen=True)
class Trust:
    """`counts`: how often the model was right and wrong in each standing. Empty: no history."""

    counts: Counts = field(default_factory=dict)

    def __call__(self, stance: str, likelihood: float | None = None) -> float:
        """The probability that the model's queue is the right one."""
        standing, (right, wrong) = standing_of(stance, likelihood), PRIORS[stance]
        strength = right + wrong
        for other, (well, badly) in self.counts.items():
            if other != standing and other.partition(":")[0] == stance:
                right, wrong = right + well, wrong + badly
        cap = next((most for name, _, most in LIKELIHOODS if name == likelihood_name(likelihood)), 1.0)
        mean = min(right / (right + wrong), cap)
        well, badly = self.counts.get(standing, (0, 0))
        return (strength * mean + well) / (strength + well + badly)

    def supports(self, standing: str, accepted: float, certainty: float) -> bool:
        """Whether at most `accepted` of such words are wrong, by the exact bound of Clopper and Pearson (1934). True
        as long as there are too few of them to tell."""
        right, wrong = self.counts.get(standing, (0, 0))
        count = right + wrong
        if (1 - accepted) ** count > 1 - certainty:
            return True
        fewer = sum(exp(_chance(at, count, accepted)) for at in range(wrong + 1))
        return fewer <= 1 - certainty


def _chance(hits: int, count: int, share: float) -> float:
    """Logarithm of the binomial probability: its factors alone would leave the range of numbers."""
    ways = lgamma(count + 1) - lgamma(hits + 1) - lgamma(count - hits + 1)
    return ways + hits * log(share) + (count - hits) * log1p(-share)


UNTRIED = Trust()
"""Before anybody has said whether the model was right."""
