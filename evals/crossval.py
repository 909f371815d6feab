"""Nested cross-validation of the local voters on an account, beside a plain TF-IDF and linear SVM.

`python -m evals.crossval`: every message is decided by voters, weights and thresholds that were fitted
without it and without its sender. Usual and unusual messages are reported apart, and so are those that the
playbook's authors have read while they wrote it: figures on these flatter. The headline is the unread ones.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from evals.account import STUDIED, Account, Case, read_account
from evals.baseline import Baseline
from evals.measures import Prediction, measure, risk_at
from evals.voters import Voters
from service.domain.decision import Decision
from service.learning.examples import fold_of
from service.settings import REFERENCE

FOLDS = 5
COVERAGES = (0.2, 0.4, 0.6, 0.8, 1.0)
COLUMNS = ("accuracy", "top3", "ece", "coverage", "routed_accuracy", "secondary_f1", "flags_f1")


@dataclass(frozen=True)
class Result:
    """`predictions` in order of the cases. Processor time: seconds of a fit, milliseconds of a message's votes."""

    predictions: Sequence[Prediction]
    fit_s: float
    vote_ms: float
    bundle_bytes: int


def _quietly(_: str) -> None:
    """Says nothing."""


def cross_validate(account: Account, folds: int = FOLDS, say: Callable[[str], None] = _quietly) -> Result:
    """`say` is told of each fold."""
    fold = fold_of([case.example for case in account.cases], folds)
    found: dict[int, Prediction] = {}
    fit_s, vote_s, size = [], [], 0
    for held in range(folds):
        say(f"fold {held + 1} of {folds}")
        begun = time.process_time()
        voters = Voters.fitted(account, _chosen(account, fold != held))
        fit_s.append(time.process_time() - begun)
        size = max(size, len(voters.learned.to_bytes()))
        for place in map(int, np.flatnonzero(fold == held)):
            case = account.cases[place]
            near = voters.candidates(case.example.redacted)
            begun = time.process_time()
            decision = voters.decide(case.example.redacted, near)
            vote_s.append(time.process_time() - begun)
            found[place] = as_prediction(case, decision)
    return Result(
        [found[at] for at in range(len(account.cases))], float(np.mean(fit_s)), 1000 * float(np.median(vote_s)), size
    )


def cross_validate_baseline(account: Account, folds: int = FOLDS) -> Sequence[Prediction]:
    """The same folds. Its confidence is not one: it counts as sure of everything."""
    fold = fold_of([case.example for case in account.cases], folds)
    texts = [f"{case.confirmed.message.subject}\n{case.confirmed.message.body}" for case in account.cases]
    found: dict[int, Prediction] = {}
    for held in range(folds):
        known = list(map(int, np.flatnonzero(fold != held)))
        asked = list(map(int, np.flatnonzero(fold == held)))
        labels = [account.cases[at].confirmed.queue for at in known]
        ranked = Baseline.fitted([texts[at] for at in known], labels).ranked([texts[at] for at in asked])
        for at, queues in zip(asked, ranked, strict=True):
            found[at] = Prediction(account.cases[at].confirmed.queue, queues, 1.0, routed=True)
    return [found[at] for at in range(len(account.cases))]


def _chosen(account: Account, rows: NDArray[np.bool_]) -> Sequence[Case]:
    return [case for case, chosen in zip(account.cases, rows, strict=True) if chosen]


def as_prediction(case: Case, decision: Decision) -> Prediction:
    return Prediction(
        right=case.confirmed.queue,
        ranked=[one.queue for one in decision.alternatives],
        confidence=decision.confidence,
        routed=decision.outcome == "routed",
        secondary=frozenset(decision.secondary),
        right_secondary=frozenset(case.confirmed.secondary),
        flags=frozenset(decision.flags),
        right_flags=frozenset(case.confirmed.flags),
    )


def groups_of(cases: Sequence[Case]) -> dict[str, list[int]]:
    """Places of the cases by the name they are reported under: unread ones first, then studied ones, then all."""
    names = [*sorted({case.group for case in cases}, reverse=True), "all"]
    found = {
        f"{name}, {'unread' if unread else 'studied'}": [
            at for at, case in enumerate(cases) if case.unread is unread and name in (case.group, "all")
        ]
        for unread in (True, False)
        for name in names
    } | {name: [at for at, case in enumerate(cases) if name in (case.group, "all")] for name in names}
    return {name: places for name, places in found.items() if places}


def table(account: Account, rows: dict[str, Sequence[Prediction]]) -> str:
    """One line a way and group of messages."""
    lines = [f"{'':42s}{'n':>6s}" + "".join(f"{name:>17s}" for name in COLUMNS)]
    for name, predictions in rows.items():
        for group, places in groups_of(account.cases).items():
            figures = measure([predictions[at] for at in places])
            values = "".join(f"{figures[column]:17.3f}" for column in COLUMNS)
            lines.append(f"{f'{name}: {group}':42s}{len(places):6d}{values}")
    return "\n".join(lines)


def risk_table(account: Account, predictions: Sequence[Prediction]) -> str:
    """Error among the surest messages of each group."""
    lines = [f"{'error among the surest':42s}{'n':>6s}" + "".join(f"{f'{share:.0%}':>17s}" for share in COVERAGES)]
    for group, places in groups_of(account.cases).items():
        risks = risk_at([predictions[at] for at in places], COVERAGES)
        lines.append(f"{group:42s}{len(places):6d}" + "".join(f"{risk:17.3f}" for risk in risks))
    return "\n".join(lines)


@click.command()
@click.option("--account", "folder", type=click.Path(path_type=Path, exists=True), default=REFERENCE)
@click.option("--folds", default=FOLDS, show_default=True)
@click.option("--studied", default=STUDIED, help="Regular expression of the ids that the playbook's authors have read.")
def main(folder: Path, folds: int, studied: str) -> None:
    """Prints accuracy, calibration and coverage of the local voters beside the baseline's accuracy."""
    account = read_account(folder, studied)
    result = cross_validate(account, folds)
    rows = {"TF-IDF + linear SVM": cross_validate_baseline(account, folds), "local voters": result.predictions}
    click.echo(table(account, rows))
    click.echo(risk_table(account, result.predictions))
    click.echo(
        f"one fit {result.fit_s:.1f} s, local votes and decision {result.vote_ms:.2f} ms a message, "
        f"bundle {result.bundle_bytes / 1e6:.1f} MB"
    )


if __name__ == "__main__":
    main()
