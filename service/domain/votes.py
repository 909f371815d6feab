"""What each voter says about a message, in one shape."""

from typing import Annotated, Literal

from pydantic import Field

from service.domain.value import Value

Voter = Literal["keywords", "classifier", "neighbours", "model", "history"]
Probability = Annotated[float, Field(ge=0, le=1)]


class Evidence(Value):
    """Why a voter thinks so. `start` and `end` are offsets into the body as received, or None where
    the words are not there (a subject, an encoded part, another message)."""

    voter: Voter
    kind: Literal["keyword", "example", "instruction", "quote", "history"]
    text: str
    start: int | None = None
    end: int | None = None
    queue: str
    ref: str = ""


class Vote(Value):
    """One voter's probability for each queue; queues left out have 0. Empty `scores`: the voter abstains.
    `words`: how many of the message's words the voter read, where it counts them. `margins`: the voter's own
    measure of its best two queues, before it was made a probability. `likelihood`: what the provider says of the
    tokens that name a model's queue, together. `places`: the sentence that is most about each likely queue, as offsets
    into the redacted text. `views`: other probabilities of the same voter, which are weighed apart from its scores."""

    voter: Voter
    scores: dict[str, Probability] = Field(default_factory=dict)
    flags: dict[str, Probability] = Field(default_factory=dict)
    secondary: dict[str, Probability] = Field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""
    words: int = 0
    margins: tuple[float, ...] = ()
    likelihood: Probability | None = None
    places: dict[str, tuple[int, int]] = Field(default_factory=dict)
    views: dict[str, dict[str, Probability]] = Field(default_factory=dict)

    @property
    def best(self) -> str | None:
        return max(self.scores, key=lambda queue: (self.scores[queue], queue)) if self.scores else None
