"""Canned answers: what the company has approved to say."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from service.domain.playbook import Prose, Slug
from service.domain.value import Value

Audience = Literal["member", "professional"]
RevisionAction = Literal["added", "changed", "retired"]
ProposalState = Literal["open", "accepted", "refused"]
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]{0,40})\}")
"""What a draft fills in, in the body of a canned answer."""


def around_placeholders(text: str) -> list[str]:
    """The parts of a text that its placeholders leave."""
    return PLACEHOLDER.split(text)[::2]


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


class AnswerState(Value):
    """A canned answer as it stands. `revision` counts its changes; a retired one is in no draft any more."""

    answer: CannedAnswer
    revision: int
    updated_at: AwareDatetime = Field(strict=False)
    updated_by: str
    retired_at: AwareDatetime | None = Field(default=None, strict=False)


class AnswerRevision(Value):
    """What one change made of a canned answer, by whom."""

    answer: CannedAnswer
    revision: int
    action: RevisionAction
    at: AwareDatetime = Field(strict=False)
    by: str


class AnswerProposal(Value):
    """What an advisor would have the library say: a new answer where `edits` is None, else that one as he would have
    it, made from its state `base_revision`. `message_id`: where he was when he thought of it."""

    id: str
    account: str
    answer: CannedAnswer
    edits: str | None = None
    base_revision: int = 0
    message_id: str | None = None
    note: str = ""
    by: str
    at: AwareDatetime = Field(strict=False)
    state: ProposalState = "open"
    decided_by: str | None = None
    decided_at: AwareDatetime | None = Field(default=None, strict=False)
    decision_comment: str = ""
