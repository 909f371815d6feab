"""Everything concluded about one message, in one frozen object."""

from typing import Literal

from pydantic import AwareDatetime, Field

from service.domain.ask import Ask
from service.domain.attachment import AttachmentRead
from service.domain.decision import Alternative, Local, Outcome, OutcomeReason
from service.domain.draft import Draft
from service.domain.value import Value
from service.domain.votes import Evidence, Probability, Vote

Engine = Literal["local", "model", "cascade"]


class RoutedQueue(Value):
    id: str
    label: str
    level: int
    sla_hours: int


class Usage(Value):
    """What the model cost; all zero where none was asked. `cost_usd` is None where no price is known."""

    model: str | None = None
    calls: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = 0.0
    model_ms: float = 0.0

    def plus(self, other: "Usage") -> "Usage":
        known = self.cost_usd is not None and other.cost_usd is not None
        return Usage(
            model=other.model or self.model,
            calls=self.calls + other.calls,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            cost_usd=(self.cost_usd or 0.0) + (other.cost_usd or 0.0) if known else None,
            model_ms=self.model_ms + other.model_ms,
        )


class Versions(Value):
    """What produced a result, so that it can be produced again."""

    playbook: str
    classifier: str = ""
    embedder: str = ""
    model: str = ""
    code: str = ""


class Triage(Value):
    """The result of the contract. `votes`, `steps_ms`, `notes`, `versions`, `message_hash` and `answers_ranked` (ids
    of the canned answers that were considered, best first) are additions to it. So are `traces`, hashes of the file
    numbers that the message names, and `joins_until`: until then the sender's next message joins its case. `asks`:
    what the message asks for, and what of the draft answers it. `local` is what was concluded without the model,
    where it was heard. `attachments` says of each file whether it was read, and why not. `notes` are codes: what
    could not be read, what answered from a fallback."""

    id: str
    external_id: str | None
    account: str
    created_at: AwareDatetime = Field(strict=False)
    playbook_version: str
    engine: Engine
    degraded: bool
    duration_ms: float
    outcome: Outcome
    outcome_reason: OutcomeReason
    queue: RoutedQueue | None
    confidence: Probability
    alternatives: tuple[Alternative, ...]
    secondary: tuple[str, ...]
    flags: tuple[str, ...]
    language: str
    evidence: tuple[Evidence, ...]
    reason: str
    draft: Draft | None
    no_draft_reason: str | None
    usage: Usage
    votes: tuple[Vote, ...] = ()
    notes: tuple[str, ...] = ()
    steps_ms: dict[str, float] = Field(default_factory=dict)
    versions: Versions
    message_hash: str = ""
    answers_ranked: tuple[str, ...] = ()
    traces: tuple[str, ...] = ()
    joins_until: AwareDatetime | None = Field(default=None, strict=False)
    local: Local | None = None
    asks: tuple[Ask, ...] = ()
    attachments: tuple[AttachmentRead, ...] = ()
