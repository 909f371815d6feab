"""Bands of confidence that a desk is filtered by, from `prompts/desk/bands.yaml`."""

from collections.abc import Mapping
from functools import cache

from service.settings import PROMPTS
from service.yaml_file import read_yaml

ABOVE_ALL = 2.0


@cache
def bands() -> Mapping[str, tuple[float, float]]:
    """By name, the surest first: confidences in [first, last)."""
    found: dict[str, tuple[float, float]] = {}
    below = ABOVE_ALL
    for name, least in read_yaml(PROMPTS / "desk" / "bands.yaml").items():
        found[name], below = (float(least), below), float(least)
    return found
