"""A message whose queue a person has confirmed: what the learned voters learn from."""

from typing import Annotated

from pydantic import Field

from service.domain.limits import MAX_BODY_CHARS
from service.domain.message import Message
from service.domain.value import Value


class Confirmed(Value):
    """A message with the results that a person confirmed. `message.external_id` is always set. `reply`: what was sent,
    where it is known; measurements compare drafts with it."""

    message: Message
    queue: str
    secondary: Annotated[tuple[str, ...], Field(strict=False)] = ()
    flags: Annotated[tuple[str, ...], Field(strict=False)] = ()
    answers: Annotated[tuple[str, ...], Field(strict=False)] = ()
    language: str = "fr"
    pii: Annotated[tuple[str, ...], Field(strict=False)] = ()
    difficulty: str = ""
    reply: Annotated[str, Field(max_length=MAX_BODY_CHARS)] = ""
