"""What litellm would do with each call and nobody here has a use for. It is handed in: the gateway alone imports it."""

from collections.abc import Callable
from functools import partial, wraps
from types import ModuleType
from typing import Any

from service.connectors.at_need import AtNeed

FREE: set[str] = set()
"""Models that litellm knows no price of."""


class AsTold:
    """The likelihoods of an answer's tokens as the server gave them, in the place of `ChoiceLogprobs`, which makes two
    checked objects of every token: a twentieth of a message's processor time."""

    def __init__(self, /, content: Any = None, **_rest: Any) -> None:
        self.content = content


def spare(litellm: ModuleType) -> None:
    """Likelihoods stay as they are told; no price is looked for where there is none; and the encoding that is handed to
    every provider with each answer, and read by next to none, is loaded when one does: 36 MB, beside the one that we
    count in."""
    litellm.types.utils.ChoiceLogprobs = AsTold
    litellm.main.encoding = AtNeed(partial(litellm.main.__getattr__, "encoding"))
    call = litellm.litellm_core_utils.litellm_logging.Logging
    call.response_cost_calculator = _unless_free(call.response_cost_calculator)


def _unless_free(reckoned: Callable[..., Any]) -> Callable[..., Any]:
    """A server that answers under another name than it was asked for may have a price by that one."""

    @wraps(reckoned)
    def response_cost(call: Any, result: Any, *given: Any, **named: Any) -> Any:
        asked = named.get("litellm_model_name")
        free = asked in FREE and getattr(result, "model", None) == asked.partition("/")[2]
        return 0.0 if free else reckoned(call, result, *given, **named)

    return response_cost
