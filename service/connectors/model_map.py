"""litellm's map of models, read as it is: its own look-up asks a server for some providers."""

from collections.abc import Mapping
from typing import Any

ModelMap = Mapping[str, Mapping[str, Any]]

_FOREIGN_SHARE = 0.8


def limit_of(model: str, known: ModelMap) -> int | None:
    """Prompt tokens that the model takes, less a margin for a tokenizer that is not ours."""
    limit = (_entry(model, known) or {}).get("max_input_tokens")
    return int(limit * _FOREIGN_SHARE) if isinstance(limit, int) and limit > 0 else None


def is_strange(model: str, known: ModelMap) -> bool:
    """Whether it is a model behind OpenAI's interface that the map does not know."""
    return model.startswith("openai/") and _entry(model, known) is None


def _entry(model: str, known: ModelMap) -> Mapping[str, Any] | None:
    return known.get(model) or known.get(model.partition("/")[2]) or None
