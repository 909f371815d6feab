"""What litellm would do with each call and nobody here has a use for. It is handed in: the gateway alone imports it."""

from functools import partial
from types import ModuleType
from typing import Any

from service.connectors.at_need import AtNeed


class AsTold:
    """The likelihoods of an answer's tokens as the server gave them, in the place of `ChoiceLogprobs`, which makes two
    checked objects of every token: a twentieth of a message's processor time."""

    def __init__(self, /, content: Any = None, **_rest: Any) -> None:
        self.content = content


def spare(litellm: ModuleType) -> None:
    """Likelihoods stay as they are told, and the encoding that is handed to every provider with each answer, and read
    by next to none, is loaded when one does: 36 MB, beside the one that we count in."""
    litellm.types.utils.ChoiceLogprobs = AsTold
    litellm.main.encoding = AtNeed(partial(litellm.main.__getattr__, "encoding"))
