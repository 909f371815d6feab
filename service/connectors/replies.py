"""Reads what litellm hands back, whatever the server left out."""

from typing import Any

from service.connectors.faults import ModelFault
from service.domain.triage import Usage
from service.ports import Completion

MOST_CHARS = 200_000
"""More than any answer; to count the tokens of megabytes takes longer than a message's deadline."""


def usage_of(reply: Any, model: str, model_ms: float, priced: bool = True) -> Usage:
    """Tokens as the server counted them; the cost by litellm's price map, None where it knows no price. Where the model
    is not `priced`, only the one that the server says it asked may be."""
    usage = getattr(reply, "usage", None)
    details = getattr(usage, "prompt_tokens_details", None)
    cost = (getattr(reply, "_hidden_params", None) or {}).get("response_cost")
    return Usage(
        model=model,
        calls=1,
        prompt_tokens=_whole(usage, "prompt_tokens"),
        cached_tokens=_whole(details, "cached_tokens"),
        completion_tokens=_whole(usage, "completion_tokens"),
        cost_usd=float(cost) if isinstance(cost, int | float) and (cost or priced) else None,
        model_ms=model_ms,
    )


def completion_of(reply: Any, usage: Usage) -> Completion:
    """The text of the first choice. Raises ModelFault where there is none, or the model declined to answer."""
    choices = getattr(reply, "choices", None) or ()
    if not choices:
        raise ModelFault("empty", again=True)
    message = getattr(choices[0], "message", None)
    text = getattr(message, "content", None) or ""
    reason = getattr(choices[0], "finish_reason", None)
    if reason == "content_filter" or (not text.strip() and _declined(message)):
        raise ModelFault("refused")
    if not text.strip():
        raise ModelFault("empty", again=reason != "length")
    return Completion(text=text[:MOST_CHARS], usage=usage, cut=reason == "length", tokens=_tokens(choices[0]))


def _tokens(choice: Any) -> tuple[tuple[str, float], ...]:
    """Nothing where the server left log-probabilities out, or gave them in a shape of its own."""
    told = getattr(getattr(choice, "logprobs", None), "content", None)
    if not isinstance(told, list):
        return ()
    tokens: list[tuple[str, float]] = []
    for one in told:
        known = one if isinstance(one, dict) else getattr(one, "__dict__", {})
        piece, log = known.get("token"), known.get("logprob")
        if not isinstance(piece, str) or not isinstance(log, float | int):
            return ()
        tokens.append((piece, float(log)))
    return tuple(tokens)


def _declined(message: Any) -> bool:
    extra = getattr(message, "provider_specific_fields", None) or {}
    return bool(getattr(message, "refusal", None) or extra.get("refusal"))


def _whole(holder: Any, name: str) -> int:
    value = getattr(holder, name, None)
    return max(0, value) if isinstance(value, int) else 0
