"""Canned answers: what the company has approved to say."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from service.domain.playbook import Prose, Slug
from service.domain.value import Value


class CannedAnswer(Value):
    """One approved reply. `body` holds `{placeholders}`, one paragraph or bullet a line."""

    id: Slug
    queue: Slug
    title: Prose
    situation: Prose
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] = "fr"
    audience: Literal["member", "professional"] = "member"
    body: Prose
    placeholders: Annotated[tuple[str, ...], Field(strict=False)] = ()
    facts: Annotated[tuple[str, ...], Field(strict=False)] = ()
    valid_from: date | None = Field(default=None, strict=False)
    valid_until: date | None = Field(default=None, strict=False)
