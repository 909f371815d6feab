"""What the product said about a message, beside what is right: the lines of `predictions.jsonl`."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import Field, ValidationError

from service.domain.triage import Triage
from service.domain.value import Value
from service.errors import RefusedError

PREDICTIONS = "predictions.jsonl"


class RedactionCount(Value):
    """`found` of `labelled` pieces of personal data; `right` of `replaced` pieces of text; the same pairs by kind."""

    found: int = 0
    labelled: int = 0
    right: int = 0
    replaced: int = 0
    found_by_kind: dict[str, tuple[int, int]] = Field(default_factory=dict)
    right_by_kind: dict[str, tuple[int, int]] = Field(default_factory=dict)


class Shown(Value):
    """What a judge of drafts may see: message and draft, redacted."""

    subject: str
    message: str
    draft: str
    language: str


class Expected(Value):
    """The labels of a message, and what it is reported under. `sender` is a pseudonym.

    `masked_subject` and `masked_text` are the customer's own words without personal data, cut short. `chrf`: how near
    the draft is to the reply that was sent, 0 to 1; `shown`: what a judge of the draft may see.
    """

    queue: str
    secondary: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    language: str = ""
    difficulty: str = ""
    channel: str = ""
    group: str = ""
    sender: str = ""
    masked_subject: str = ""
    masked_text: str = ""
    redaction: RedactionCount = RedactionCount()
    chrf: float | None = None
    shown: Shown | None = None


class Prediction(Triage):
    """A Triage with the labels that were expected."""

    expected: Expected

    @property
    def ranked(self) -> tuple[str, ...]:
        """Queues, likeliest first; the routed one leads."""
        guesses = tuple(one.queue for one in self.alternatives)
        if self.queue is None:
            return guesses
        return (self.queue.id, *(queue for queue in guesses if queue != self.queue.id))

    @property
    def guess(self) -> str:
        """The best queue, routed or not; empty where there is none."""
        return next(iter(self.ranked), "")

    @property
    def correct(self) -> bool:
        return self.guess == self.expected.queue

    @property
    def routed(self) -> bool:
        return self.outcome == "routed"

    def lean(self) -> "Prediction":
        """What figures and report need: a run of 10,000 stays in memory, its evidence and votes stay in the file."""
        expected = self.expected.model_copy(update={"shown": None})
        return self.model_copy(update={"evidence": (), "votes": (), "expected": expected})


def read_predictions(folder: Path) -> list[Prediction]:
    """Raises RefusedError where there are none, or a line is none."""
    path = folder / PREDICTIONS
    if not path.is_file():
        raise RefusedError(f"{folder}: there is no {PREDICTIONS} in it; give the folder of an `eval run`.")
    return list(_parsed(path))


def kept_predictions(folder: Path) -> list[Prediction]:
    """Those of an earlier run that was interrupted; a last line that was cut off is removed."""
    path = folder / PREDICTIONS
    if not path.exists():
        return []
    whole = path.read_bytes().rpartition(b"\n")
    os.truncate(path, len(whole[0]) + len(whole[1]))
    return list(_parsed(path))


def _parsed(path: Path) -> Iterator[Prediction]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                yield Prediction.model_validate_json(line).lean()
            except ValidationError as error:
                raise RefusedError(f"{path}:{number}: this is not a prediction of this program.") from error


def in_order(predictions: Sequence[Prediction], ids: Sequence[str]) -> list[Prediction]:
    """Those of these external ids, in that order."""
    by_id = {str(one.external_id): one for one in predictions}
    return [by_id[name] for name in ids if name in by_id]
