"""What was concluded from the votes: a queue, or an honest abstention."""

from typing import Annotated, Literal

from pydantic import Field

from service.domain.value import Value
from service.domain.votes import Evidence, Probability

Outcome = Literal["routed", "abstained"]
OutcomeReason = Literal[
    "confident", "unsure", "must_not_miss", "disagreement", "unfamiliar", "out_of_scope", "empty", "no_knowledge"
]


class Alternative(Value):
    queue: str
    probability: Probability


class Local(Value):
    """What the local voters alone concluded, where a model was heard as well. `standing`: how the model's queue stands
    to theirs, and how likely its words were; by it the model's word is trusted."""

    queue: str
    confidence: Probability
    outcome_reason: OutcomeReason
    standing: str


class Decision(Value):
    """`alternatives` are best first, sum to at most 1, and hold the chosen queue. `confidence` is the
    calibrated probability of the first one, whether routed or not. `asked` are the queues that are or may be asked for
    besides, `secondary` among them."""

    outcome: Outcome
    outcome_reason: OutcomeReason
    queue: str | None
    confidence: Probability
    alternatives: Annotated[tuple[Alternative, ...], Field(strict=False)]
    secondary: tuple[str, ...] = ()
    asked: tuple[Alternative, ...] = ()
    flags: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""
    local: Local | None = None

    @property
    def strange(self) -> bool:
        """The message is like nothing known."""
        return self.outcome_reason == "out_of_scope"

    @property
    def guess(self) -> str | None:
        """The best queue, abstained or not; None for an account that has no idea."""
        return self.alternatives[0].queue if self.alternatives else None
