"""What an advisor said about a message's queue, and whether it is learned from."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from service.domain.value import Value

LessonState = Literal["learned", "contested", "accepted", "refused", "undone"]


class Objection(Value):
    """Why a correction waits for a lead. `queue` is what speaks against it: the queue of its near confirmed
    messages (`refs` are their ids), or the one that the playbook puts first (`refs` are its keywords that occur)."""

    kind: Literal["neighbours", "policy"]
    queue: str
    refs: Annotated[tuple[str, ...], Field(strict=False)] = ()


class CorrectionEntry(Value):
    """`before` is the message's queue until then, `queue` since. Its newest correction that was not undone is the
    `current` one; a contested one is learned from when a lead accepts it."""

    id: str
    account: str
    message_id: str
    queue: str
    before: str | None
    by: str
    at: AwareDatetime = Field(strict=False)
    comment: str = ""
    state: LessonState
    current: bool = True
    objections: Annotated[tuple[Objection, ...], Field(strict=False)] = ()
    decided_by: str | None = None
    decided_at: AwareDatetime | None = Field(default=None, strict=False)
    decision_comment: str = ""


class CorrectionPage(Value):
    """Newest first. `next_cursor` is None on the last page."""

    items: tuple[CorrectionEntry, ...]
    next_cursor: str | None
