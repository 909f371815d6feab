"""Bands of confidence that a desk is filtered by, from `prompts/desk/bands.yaml`."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml

from service.settings import PROMPTS

ABOVE_ALL = 2.0


@lru_cache(maxsize=4)
def bands(prompts: Path = PROMPTS) -> Mapping[str, tuple[float, float]]:
    """By name, the surest first: confidences in [first, last)."""
    found: dict[str, tuple[float, float]] = {}
    below = ABOVE_ALL
    for name, least in yaml.safe_load((prompts / "desk" / "bands.yaml").read_text("utf-8")).items():
        found[name], below = (float(least), below), float(least)
    return found
