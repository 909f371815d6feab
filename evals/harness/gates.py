"""What a run must reach before a change goes live: gates from a file, each passed or failed with its figures."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from evals.harness.comparison import compare_runs
from evals.harness.folder import SUMMARY
from evals.harness.order import Say
from service.domain.value import Value
from service.errors import FieldProblem, RefusedError
from service.playbooks.documents import read_document
from service.playbooks.mistakes import Mistakes
from service.playbooks.shapes import shaped

Share = Annotated[float, Field(ge=0, le=1, strict=False)]
Figures = Mapping[str, Any]

SHIPPED = Path(__file__).resolve().parent.parent / "gates.yaml"


class Gates(Value):
    """A file of gates (docs/evals.md). What is left out is not asked for."""

    minimum_accuracy: Share | None = None
    minimum_accuracy_by_file: dict[str, Share] = Field(default_factory=dict)
    minimum_top3_accuracy: Share | None = None
    minimum_coverage: Share | None = None
    minimum_recall: dict[str, Share] = Field(default_factory=dict)
    maximum_calibration_error: Share | None = None
    maximum_routed_error: Share | None = None
    minimum_grounded: Share | None = None
    minimum_right_answer: Share | None = None
    minimum_asks_covered: Share | None = None
    minimum_chrf: Share | None = None
    minimum_redaction_recall: Share | None = None
    minimum_redaction_precision: Share | None = None
    promise_not_broken: bool = False
    no_regression: bool = False


@dataclass(frozen=True, slots=True)
class Gate:
    """`value` is None where the run has no such figure: then the gate fails. `passed` is None where it could not be
    asked, for want of a run to compare with."""

    gate: str
    value: float | str | None
    bound: str
    passed: bool | None

    def __str__(self) -> str:
        word = {True: "passed", False: "FAILED", None: "not asked"}[self.passed]
        value = "cannot tell: no such message in the run" if self.value is None else self.value
        return f"{word}\t{self.gate}\t{value}\t{self.bound}"


def read_gates(path: Path) -> Gates:
    """Raises RefusedError that names line and cure of every mistake."""
    mistakes = Mistakes("en")
    document = read_document(str(path), path.read_text("utf-8", errors="replace"), mistakes)
    given = {} if document.data is None else document.data
    gates = shaped(Gates, given, document, (), mistakes)
    if gates is None or mistakes.refuse:
        problems = tuple(FieldProblem(f"{one.file}:{one.line}", f"{one.problem} {one.cure}") for one in mistakes.all)
        raise RefusedError(f"{path}: these gates cannot be used; docs/evals.md lists them all.", problems)
    return gates


def judge(gates: Gates, run: Path, against: Path | None, say: Say) -> list[Gate]:
    """Every gate of a run's folder. Raises RefusedError where a folder is no run."""
    path = run / SUMMARY
    if not path.is_file():
        raise RefusedError(
            f"{run}: there is no {SUMMARY} in it; give the folder of an `eval run` that came to its end."
        )
    comparison = compare_runs(against, run, say) if against else None
    return judged(gates, json.loads(path.read_bytes()), comparison)


def judged(gates: Gates, summary: Figures, comparison: Figures | None) -> list[Gate]:
    """Every gate that is asked for. `comparison`: of the run to beat with this one."""
    return [
        *_minima(gates, summary),
        *_drafted(gates, summary),
        *_maxima(gates, summary),
        *_promised(gates, summary, comparison),
    ]


def as_document(found: list[Gate]) -> list[dict[str, Any]]:
    return [asdict(one) for one in found]


def _minima(gates: Gates, summary: Figures) -> Iterator[Gate]:
    for name in ("accuracy", "top3_accuracy", "coverage"):
        yield from _least(name, summary[name], getattr(gates, f"minimum_{name}"))
    for group, least in gates.minimum_accuracy_by_file.items():
        yield from _least(f"accuracy of {group}", summary["by_file"].get(group, {}).get("accuracy"), least)
    for queue, least in gates.minimum_recall.items():
        yield from _least(f"recall of {queue}", summary["per_queue"].get(queue, {}).get("recall"), least)


def _drafted(gates: Gates, summary: Figures) -> Iterator[Gate]:
    """Of drafts and redaction. `grounded` is a share of the drafts."""
    drafts = summary["drafts"]
    grounded = drafts["grounded"] / drafts["drafted"] if drafts["drafted"] else None
    yield from _least("grounded", None if grounded is None else round(grounded, 4), gates.minimum_grounded)
    for name in ("right_answer", "asks_covered", "chrf"):
        found = drafts.get(name)
        yield from _least(name, found and found["mean"], getattr(gates, f"minimum_{name}"))
    for name in ("recall", "precision"):
        bound = getattr(gates, f"minimum_redaction_{name}")
        yield from _least(f"redaction {name}", summary["redaction"][name], bound)


def _maxima(gates: Gates, summary: Figures) -> Iterator[Gate]:
    routed = summary["routed_accuracy"]
    yield from _most("calibration error", summary["ece"], gates.maximum_calibration_error)
    error = None if routed is None else round(1 - routed, 4)
    yield from _most("routed error", error, gates.maximum_routed_error)


def _promised(gates: Gates, summary: Figures, comparison: Figures | None) -> Iterator[Gate]:
    if gates.promise_not_broken:
        promise = summary.get("promise")
        said = f"error {promise['error']}, {promise['verdict']}" if promise else None
        bound = f"95 % interval not wholly above {promise['accepted']}" if promise else "not broken"
        yield Gate("routed error as promised", said, bound, promise is not None and promise["verdict"] != "broken")
    if gates.no_regression:
        bound = "not significantly worse than the run compared with"
        verdict = comparison["verdict"] if comparison else "give --against RUN"
        yield Gate("no regression", verdict, bound, verdict != "worse" if comparison else None)


def _least(name: str, value: float | None, bound: float | None) -> Iterator[Gate]:
    if bound is not None:
        yield Gate(name, value, f"at least {bound:g}", value is not None and value >= bound)


def _most(name: str, value: float | None, bound: float | None) -> Iterator[Gate]:
    if bound is not None:
        yield Gate(name, value, f"at most {bound:g}", value is not None and value <= bound)
