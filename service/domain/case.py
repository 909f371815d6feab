"""One message's life on the desk, from its arrival on."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from service.domain.comparison import Comparison
from service.domain.correction import CorrectionEntry
from service.domain.decision import Outcome
from service.domain.message import Channel
from service.domain.triage import Triage
from service.domain.value import Value

MessageState = Literal["received", "triaged", "failed"]
CaseState = Literal["open", "closed"]


class Case(Value):
    """A message with what became of it. `queue` is the one in force: routed, or corrected since.

    What a triage concludes is None until there is one; `triage` and `correction` themselves are None in lists too.
    `correction` is what was last said about the queue, and whether it is learned from. `comparison` tells how the reply
    that was recorded last differs from the draft; it is None in lists, and where there was no draft.
    `case_id` is the first message of the case that it belongs to, `case_messages` how many that case has: messages
    that one sender writes in a burst are one case.
    `flags` are those that are up: the triage's, until a person says which are right (`flagged_by`); None in lists.
    `error` is a code, set where the last try of triage failed. `raised` is the level that somebody raised it to, above
    that of its queue.
    """

    id: str
    external_id: str | None
    account: str
    channel: Channel
    received_at: AwareDatetime = Field(strict=False)
    arrived_at: AwareDatetime = Field(strict=False)
    state: MessageState
    attempts: int = 0
    error: str = ""
    outcome: Outcome | None = None
    queue: str | None = None
    confidence: float | None = None
    case_state: CaseState | None = None
    due_at: AwareDatetime | None = Field(default=None, strict=False)
    corrected_by: str | None = None
    corrected_at: AwareDatetime | None = Field(default=None, strict=False)
    claimed_by: str | None = None
    claimed_at: AwareDatetime | None = Field(default=None, strict=False)
    replied_at: AwareDatetime | None = Field(default=None, strict=False)
    raised: int | None = None
    flags: Annotated[tuple[str, ...], Field(strict=False)] | None = None
    flagged_by: str | None = None
    flagged_at: AwareDatetime | None = Field(default=None, strict=False)
    case_id: str = ""
    case_messages: int = 1
    triage: Triage | None = None
    correction: CorrectionEntry | None = None
    comparison: Comparison | None = None


class Page(Value):
    """Cases, newest arrival first. `next_cursor` is None on the last page."""

    items: tuple[Case, ...]
    next_cursor: str | None
