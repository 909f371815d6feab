"""Data that people write, such as all of `prompts/`, read from a file."""

from pathlib import Path
from typing import Any

import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml reads ten times as fast, where it is there: a start reads half a megabyte."""


def read_yaml(path: Path) -> Any:
    """Values alone, never objects. Raises `yaml.YAMLError`, OSError."""
    return yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506 - either is a safe one
