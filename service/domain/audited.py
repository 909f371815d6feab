"""A random sample of triaged messages, labelled by two people who see neither the program's queue nor each other's."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from service.domain.value import Value

Method = Literal["simple", "stratified"]
NO_QUEUE = ""
"""The label of a message that fits none of the playbook's queues."""
Seat = Literal[1, 2, 3]
"""1 and 2 are the readers; 3 is whoever settles what they disagree on."""


class AuditSample(Value):
    """`seed` and `method` draw the same messages again from the same population, of which `strata` is how many
    messages there were in each stratum: the queue they were routed to, "" where they were left to a person."""

    id: str
    account: str
    name: str
    seed: str
    method: Method
    wanted: int
    since: AwareDatetime | None = Field(default=None, strict=False)
    until: AwareDatetime | None = Field(default=None, strict=False)
    strata: dict[str, int]
    readers: Annotated[tuple[str, ...], Field(strict=False)]
    by: str
    at: AwareDatetime = Field(strict=False)
    taught_by: str | None = None
    taught_at: AwareDatetime | None = Field(default=None, strict=False)

    @property
    def population(self) -> int:
        return sum(self.strata.values())

    def seat_of(self, person: str) -> Seat | None:
        """None for who is not one of the readers."""
        if person == self.readers[0]:
            return 1
        return 2 if person == self.readers[1] else None


class AuditItem(Value):
    """A message of the sample. `outcome`, `queue` (the best guess) and `confidence` are what the program had concluded
    when it was drawn; `labels` by seat. `sender` is a key that tells nobody."""

    message_id: str
    place: int
    stratum: str
    outcome: str
    queue: str | None
    confidence: float
    sender: str
    labels: dict[int, str] = Field(default_factory=dict)

    @property
    def agreed(self) -> bool:
        return 1 in self.labels and self.labels.get(1) == self.labels.get(2)

    @property
    def disputed(self) -> bool:
        return 1 in self.labels and 2 in self.labels and not self.agreed

    @property
    def truth(self) -> str | None:
        """What counts as right: what both readers say, else what was settled; None while that is open."""
        return self.labels[1] if self.agreed else self.labels.get(3) if self.disputed else None


class Figure(Value):
    """A share with its 95 % interval, of `n` messages that count for `effective`."""

    n: int
    right: int
    share: float
    interval: tuple[float, float] = Field(strict=False)
    effective: float


class AuditResult(Value):
    """What a sample says so far. `same`: share of equal labels; `kappa` is Cohen's. `accuracy`: the program's best
    guess is right, over all messages of the population; `routed`: of what it routed by itself. `provisional` while
    messages are open: what is left may be the harder part. `by_stratum`: right and known messages of each."""

    sampled: int
    labelled: tuple[int, int] = Field(strict=False)
    both: int
    disputed: int
    settled: int
    known: int
    provisional: bool
    same: float | None = None
    kappa: float | None = None
    kappa_interval: tuple[float, float] | None = Field(default=None, strict=False)
    accuracy: Figure | None = None
    routed: Figure | None = None
    by_stratum: dict[str, tuple[int, int]] = Field(default_factory=dict, strict=False)


class AuditReport(Value):
    """An audit sample and what it says."""

    audit: AuditSample
    result: AuditResult


class AuditList(Value):
    """Newest first."""

    items: tuple[AuditSample, ...]
