"""How likely a model's own tokens made the queue that it names."""

import re
from collections.abc import Sequence
from math import exp

_NAMED = re.compile(r'"queue"\s*:\s*"([^"]*)"')


def likelihood_of(tokens: Sequence[tuple[str, float]], queue: str) -> float | None:
    """The probability of the tokens of the value of `"queue"`, up to its closing quote: where one queue's name begins
    like another's, only what follows tells them apart. None where the provider gave no such tokens."""
    text = "".join(piece for piece, _ in tokens)
    found = next((one for one in _NAMED.finditer(text) if one.group(1) == queue), None)
    if found is None:
        return None
    start, end = found.start(1), found.end(1) + 1
    total, at = 0.0, 0
    for piece, logarithm in tokens:
        if at < end and at + len(piece) > start:
            total += min(0.0, logarithm)
        at += len(piece)
    return exp(total)
