"""Which models are left alone for a while: one that asked for it, and one that fails message after message."""

from collections.abc import Callable

FAILURES = 5
REST_S = 5.0
LONGEST_REST_S = 3600.0


class Rest:
    """After `FAILURES` messages in a row without an answer a model rests for `REST_S`, so that an outage does
    not cost every message its whole deadline. One message then tries again, and the next failure rests anew.
    So does one that answers, and whose answers were no use for as many messages in a row: each is paid for.

    `tell` hears of each message: the model that was asked, and `answered`, `unusable` or the code of the fault.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures: dict[str, int] = {}
        self._useless: dict[str, int] = {}
        self._until: dict[str, float] = {}
        self.tell: Callable[[str, str], None] = lambda _model, _outcome: None

    def left(self, model: str) -> float:
        """Seconds that the model still rests, or 0."""
        return max(0.0, self._until.get(model, 0.0) - self._clock())

    @property
    def resting(self) -> dict[str, float]:
        """Models that are left alone at present, and for how many seconds."""
        return {model: left for model in self._until if (left := self.left(model))}

    def answered(self, model: str) -> None:
        self.tell(model, "answered")
        self._failures.pop(model, None)
        if self._useless.get(model, 0) < FAILURES:
            self._until.pop(model, None)

    def judged(self, model: str, useful: bool) -> None:
        """Notes whether a message could use what the model answered."""
        if useful:
            self._useless.pop(model, None)
            return
        self.tell(model, "unusable")
        self._useless[model] = self._useless.get(model, 0) + 1
        if self._useless[model] >= FAILURES:
            self._until[model] = max(self._until.get(model, 0.0), self._clock() + REST_S)

    def failed(self, model: str, retry_after: float | None = None, fault: str = "unavailable") -> None:
        """Notes a message without an answer; `retry_after` is how long the server asked to be left alone."""
        self.tell(model, fault)
        self._failures[model] = self._failures.get(model, 0) + 1
        pause = min(retry_after or 0.0, LONGEST_REST_S)
        if self._failures[model] >= FAILURES:
            pause = max(pause, REST_S)
        self._until[model] = max(self._until.get(model, 0.0), self._clock() + pause)
