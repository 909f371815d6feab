"""The arithmetic of a decision: votes in, one calibrated probability a queue out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.domain.votes import Vote
from service.learning.confidence import confidence_numbers, with_confidence
from service.learning.learned import Learned
from service.learning.pool import PRIOR, VOTERS, Pool, opinion

Array = NDArray[np.float64]

SURE = 0.5
"""From this probability a voter is taken to mean what it says."""
AMONG = 3

MODEL_TRUST = {"agrees_sure": (97, 3), "agrees": (18, 2), "among": (8, 2), "apart": (3, 2)}
"""Beta priors (right, wrong) of a model's queue by how it stands to the local voters: their sure best,
their best, among their first three, or none of these. Guesses on the careful side, until history counts."""


@dataclass(frozen=True)
class Fused:
    """`probabilities` in order of `queues`. `stance` tells how a model's vote stands to the local ones."""

    queues: tuple[str, ...]
    probabilities: Array
    local: Array
    stance: str = ""

    @property
    def best(self) -> int:
        return int(self.probabilities.argmax())


def fuse(votes: Sequence[Vote], queues: tuple[str, ...], learned: Learned | None) -> Fused | None:
    """None where no voter says anything."""
    by_voter: dict[str, Vote] = {vote.voter: vote for vote in votes if vote.scores}
    local = _local(by_voter, queues, learned)
    model = by_voter.get("model")
    if model is None or model.best not in queues:
        return None if local is None else Fused(queues, local, local)
    if local is None:
        local = np.full(len(queues), 1 / len(queues))
    return _with_model(queues, local, queues.index(str(model.best)))


def _local(by_voter: Mapping[str, Vote], queues: tuple[str, ...], learned: Learned | None) -> Array | None:
    """Keywords that found nothing still count as present: their silence was there when the weights were fitted."""
    said = [voter for voter in VOTERS if voter in by_voter]
    if not said:
        return None
    present = [voter for voter in VOTERS if voter in by_voter or voter == "keywords"]
    opinions = [_opinion(by_voter.get(voter), queues) for voter in present]
    if learned is None:
        return Pool(tuple(PRIOR[voter] for voter in present))(opinions)
    name = "+".join(present)
    pooled = learned.pools[name](opinions)
    if (signal := learned.confidences.get(name)) is None:
        return pooled
    text = by_voter.get("classifier", Vote(voter="classifier"))
    return with_confidence(pooled, signal(confidence_numbers(pooled, opinions, text.margins, text.words)))


def _opinion(vote: Vote | None, queues: tuple[str, ...]) -> Array:
    return opinion(np.array([vote.scores.get(queue, 0.0) if vote else 0.0 for queue in queues]))


def _with_model(queues: tuple[str, ...], local: Array, said: int) -> Fused:
    """The model's queue gets what its stance has earned, never less than the local voters gave it."""
    stance = _stance(local, said)
    right, wrong = MODEL_TRUST[stance]
    trust = max(right / (right + wrong), float(local[said])) if stance.startswith("agrees") else right / (right + wrong)
    others = local.copy()
    others[said] = 0.0
    total = float(others.sum())
    probabilities = others * ((1 - trust) / total) if total > 0 else others
    probabilities[said] = trust
    return Fused(queues, probabilities, local, stance)


def _stance(local: Array, said: int) -> str:
    order = np.argsort(-local, kind="stable")
    if said == order[0]:
        return "agrees_sure" if local[said] >= SURE else "agrees"
    return "among" if said in order[:AMONG] else "apart"
