"""Canned answers: what the company has approved to say."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from service.domain.playbook import Prose, Slug
from service.domain.value import Value

Audience = Literal["member", "professional"]


class CannedAnswer(Value):
    """One approved reply. `body` holds `{placeholders}`, one paragraph or bullet a line."""

    id: Slug
    queue: Slug
    title: Prose
    situation: Prose
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] = "fr"
    audience: Audience = "member"
    body: Prose
    placeholders: Annotated[tuple[str, ...], Field(strict=False)] = ()
    facts: Annotated[tuple[str, ...], Field(strict=False)] = ()
    valid_from: date | None = Field(default=None, strict=False)
    valid_until: date | None = Field(default=None, strict=False)

    @property
    def searched(self) -> str:
        """What search and learning read of it."""
        return "\n".join((self.title, self.situation, self.body))

    def is_valid(self, day: date) -> bool:
        """From its first day to its last one, where it has any."""
        return (self.valid_from or day) <= day <= (self.valid_until or day)
