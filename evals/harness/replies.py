"""How near a draft is to the reply that was sent."""

from functools import lru_cache
from typing import Any


def chrf(draft: str, reply: str) -> float:
    """chrF2 of one draft, 0 to 1 (Popović 2015, "chrF: character n-gram F-score"; sacrebleu's defaults: n-grams of up
    to six characters, recall counted twice, white space left out)."""
    return float(_metric().sentence_score(draft, [reply]).score) / 100


@lru_cache(maxsize=1)
def _metric() -> Any:
    from sacrebleu.metrics.chrf import CHRF  # noqa: PLC0415 - only datasets with replies need it

    return CHRF()
