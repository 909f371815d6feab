"""What a trial of a changed playbook showed on messages whose queue people confirmed."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from service.domain.value import Value

GateName = Literal["history", "suite", "recall", "calibration", "coverage", "promise"]
TrialState = Literal["waiting", "running", "done", "failed", "cancelled"]


class Gates(Value):
    """What an edition must keep to (`prompts/trials/gates.yaml`); shares."""

    recall_drop: float
    missed_drop: float
    recall_least: int
    calibration: float
    coverage_drop: float
    least: int


class Side(Value):
    """One playbook's figures: shares, None where there is nothing to tell them by. `calibration` is the expected
    calibration error."""

    accuracy: float | None
    coverage: float | None
    routed_accuracy: float | None
    calibration: float | None


class Contrast(Value):
    """The second playbook against the first on `n` messages: `fixed` only the second guessed right, `broken` only the
    first. `smallest` is the smallest difference, a share, that so many messages could have shown."""

    n: int
    fixed: int
    broken: int
    verdict: str
    p: float
    smallest: float
    before: Side
    after: Side


class Turned(Value):
    """A confirmed message, by its external id, that is guessed otherwise under the edition."""

    id: str
    queue: str
    before: str
    after: str


class QueueRecall(Value):
    """Of `n` confirmed messages of the queue, the shares that find it."""

    queue: str
    n: int
    before: float
    after: float


class Gate(Value):
    """`passed` None: too little history to say. `bound` is what `after` is held against."""

    gate: GateName
    queue: str = ""
    before: float | None = None
    after: float | None = None
    bound: float | None = None
    verdict: str = ""
    passed: bool | None


class Proof(Value):
    """`history` is of all confirmed messages outside of the locked suite, `suite` of those in it. `fixed`, `broken`
    and `moved` (wrong before and after) name messages of the history alone: whoever saw those of the suite would
    write for them."""

    history: Contrast
    suite: Contrast
    fixed: Annotated[tuple[Turned, ...], Field(strict=False)] = ()
    broken: Annotated[tuple[Turned, ...], Field(strict=False)] = ()
    moved: Annotated[tuple[Turned, ...], Field(strict=False)] = ()
    recalls: Annotated[tuple[QueueRecall, ...], Field(strict=False)] = ()
    gates: Annotated[tuple[Gate, ...], Field(strict=False)] = ()

    @property
    def passed(self) -> bool:
        return all(gate.passed is not False for gate in self.gates)


class Trial(Value):
    """`version` was, or is to be, replayed against `against`, which was in force when it was asked for."""

    id: str
    account: str
    version: str
    against: str
    edition: str | None
    asked_by: str
    asked_at: AwareDatetime = Field(strict=False)
    state: TrialState
    percent: int = 0
    begun_at: AwareDatetime | None = Field(default=None, strict=False)
    ended_at: AwareDatetime | None = Field(default=None, strict=False)
    attempts: int = 0
    failure: str = ""
    proof: Proof | None = None

    @property
    def ended(self) -> bool:
        return self.state in {"done", "failed", "cancelled"}
