"""Several rankings of the same things made into one."""

from collections.abc import Mapping
from itertools import chain

Scores = Mapping[str, float]
"""Scores by id; what is left out scores nothing."""


def score_fusion(*rankings: Scores) -> dict[str, float]:
    """Mean of the scores, each ranking divided by its best: in [0, 1], negative ones count as 0.

    "CombSUM" of Fox and Shaw (1994). It measured better here than reciprocal ranks (docs/adr/0004).
    """
    fused: dict[str, float] = dict.fromkeys(chain(*rankings), 0.0)
    for scores in rankings:
        best = max(scores.values(), default=0.0)
        for passage_id, score in scores.items():
            if score > 0:
                fused[passage_id] += score / best / len(rankings)
    return fused
