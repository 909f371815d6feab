"""What a version says of confirmed messages that it has not learned from: how versions are compared fairly.

A version's twins are fitted from the same lessons without one fold of them, and mark that fold. The fold of a message
hangs on its sender alone, so that the twins of two versions leave out the same messages (docs/adr/0008).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from service.domain.decision import Decision
from service.learning.examples import Example
from service.learning.paired import compare

FOLDS = 5
ENOUGH = 250
"""Messages to be marked, as far as there are so many: each fold of them costs a whole fit."""

Exam = dict[str, list[Any]]
"""By external id: the confirmed queue, the queue guessed, how sure (0..1), whether it would have been routed."""

Decide = Callable[[int], Decision]
"""A twin's decision about the example of that row."""


@dataclass(frozen=True, slots=True)
class Compared:
    """How a version did against the one in force, on the messages that both were examined on."""

    verdict: str
    against: str
    tested: int = 0
    won: int = 0
    lost: int = 0
    p_value: float = 1.0
    smallest_difference: float = 1.0

    def as_metrics(self) -> dict[str, Any]:
        return asdict(self)


def sit(examples: Sequence[Example], twin: Callable[[Sequence[int]], Decide]) -> Exam:
    """`twin` fits without the rows that it is given, and says what it decides about them."""
    folds = [fold_of(example) for example in examples]
    wanted = min(FOLDS, -(-ENOUGH * FOLDS // max(1, len(examples))))
    marked: Exam = {}
    for fold in range(wanted):
        held = [row for row, its in enumerate(folds) if its == fold]
        if held:
            decide = twin(held)
            marked |= {examples[row].external_id: _mark(examples[row], decide(row)) for row in held}
    return marked


def fold_of(example: Example) -> int:
    """Whole by sender, and the same whatever else is confirmed."""
    group = example.sender_key or example.external_id
    return int(sha256(group.encode()).hexdigest(), 16) % FOLDS


def compare_exams(first: Exam, second: Exam, senders: Mapping[str, str], against: str) -> Compared:
    """Of the second version, against the first, on messages that both know under the same queue."""
    common = sorted(one for one in first.keys() & second.keys() if first[one][0] == second[one][0])
    if not common:
        return Compared("cannot tell", against)
    found = compare(
        [_right(first[one]) for one in common],
        [_right(second[one]) for one in common],
        [senders.get(one) or one for one in common],
    )
    p, smallest = float(f"{found.p:.4g}"), round(found.smallest, 4)
    return Compared(found.verdict, against, found.n, found.won, found.lost, p, smallest)


def figures(exam: Exam) -> dict[str, Any]:
    """Accuracy, the share that would be routed, and how much of that is right; shares, None where nothing is."""
    marks, routed = list(exam.values()), [mark for mark in exam.values() if mark[3]]
    return {
        "examined": len(marks),
        "accuracy": _share([_right(mark) for mark in marks]),
        "routed": _share([bool(mark[3]) for mark in marks]),
        "routed_accuracy": _share([_right(mark) for mark in routed]),
    }


def _mark(example: Example, decision: Decision) -> list[Any]:
    return [example.queue, decision.guess, round(decision.confidence, 4), decision.outcome == "routed"]


def _right(mark: Sequence[Any]) -> bool:
    return bool(mark[0] == mark[1])


def _share(found: Sequence[bool]) -> float | None:
    return round(sum(found) / len(found), 4) if found else None
