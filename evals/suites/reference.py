"""The reference account: nested cross-validation of the local voters, and the cold start."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import nan

import numpy as np
from numpy.typing import NDArray

from evals.account import Account, Case, read_account
from evals.baseline import Baseline
from evals.crossval import FOLDS, Result, cross_validate, cross_validate_baseline, groups_of
from evals.harness.order import Say
from evals.measures import Prediction, calibration_noise, measure, micro_f1
from evals.suites.ask import ask
from evals.suites.embedders import Remembering
from evals.suites.figures import Figure, Section
from evals.suites.unseen import unseen
from retrieval.hashed import HashedEmbedder
from service.learning.examples import fold_of

ACCURACY = {"usual": 0.86, "unusual": 0.62}
TOP3 = {"usual": 0.96, "unusual": 0.88}
ECE = 0.05
VOTE_MS = 5.0
COLD = (0, 5, 10, 20)
"""Messages a queue."""


@dataclass(frozen=True)
class Said:
    """Ours and the baseline's, in order of the account's cases."""

    account: Account
    ours: Result
    plain: Sequence[Prediction]


def run(say: Say) -> Iterator[Section]:
    account = read_account()
    said = Said(account, cross_validate(account, say=say), cross_validate_baseline(account))
    yield routing(said)
    yield promise(said)
    yield asides(said)
    yield cold_start(account, say)
    yield unseen(account, say)


def routing(said: Said) -> Section:
    """Unread messages carry the targets: the playbook's authors have read the others."""
    figures = [
        figure
        for group, places in groups_of(said.account.cases).items()
        if not group.endswith("studied")
        for figure in _routing(group, _of(said.ours.predictions, places), _of(said.plain, places))
    ]
    took = Figure(
        "votes and decision, median (processor ms)", len(said.account.cases), said.ours.vote_ms, nan, VOTE_MS, True
    )
    chance = [
        f"{calibration_noise(np.array([said.ours.predictions[at].confidence for at in places])):.4f} of {group}"
        for group, places in groups_of(said.account.cases).items()
        if not group.endswith("studied")
    ]
    notes = [
        f"calibration error by chance alone, were every confidence exactly right: {', '.join(chance)}",
        f"one fit {said.ours.fit_s:.1f} s of processor time, bundle {said.ours.bundle_bytes / 1e6:.1f} MB",
    ]
    title = f"Reference account: {FOLDS}-fold nested cross-validation, local engine ('unread': no author has read them)"
    return Section(title, [*figures, took], notes)


def _routing(group: str, ours: Sequence[Prediction], plain: Sequence[Prediction]) -> Iterator[Figure]:
    kind = group.split(",", maxsplit=1)[0]
    mine, theirs, count = measure(ours), measure(plain), len(ours)
    yield Figure(f"{group}: accuracy", count, mine["accuracy"], theirs["accuracy"], ACCURACY.get(kind, nan))
    yield Figure(
        f"{group}: right queue among the first three", count, mine["top3"], theirs["top3"], TOP3.get(kind, nan)
    )
    yield Figure(f"{group}: expected calibration error", count, mine["ece"], target=ECE, at_most=True)


def promise(said: Said) -> Section:
    """What was routed in each fold at the threshold that was chosen without it: kept of usual mail and of all."""
    fold = fold_of([case.example for case in said.account.cases], FOLDS)
    accepted = said.account.playbook.thresholds.accepted_error
    groups, figures = groups_of(said.account.cases), list[Figure]()
    for group, places in groups.items():
        if not group.endswith("studied"):
            ceiling = nan if group.startswith("unusual") else accepted
            figures += _routed(group, _of(said.ours.predictions, places), ceiling)
    notes = [
        _by_fold(name, _of(said.ours.predictions, groups[name]), fold[groups[name]])
        for name in ("usual", "all")
        if name in groups
    ]
    return Section(f"Reference account: at most {accepted:.0%} wrong among what is routed", figures, notes)


def _by_fold(group: str, ours: Sequence[Prediction], fold: NDArray[np.int64]) -> str:
    folds = [[said for said, its in zip(ours, fold, strict=True) if its == one] for one in range(FOLDS)]
    errors = [f"{_error(some):.3f} of {sum(one.routed for one in some)}" for some in folds]
    return f"error among routed messages, {group}, fold by fold: {', '.join(errors)}"


def _routed(group: str, ours: Sequence[Prediction], accepted: float) -> Iterator[Figure]:
    routed = sum(one.routed for one in ours)
    yield Figure(f"{group}: share routed", len(ours), routed / len(ours))
    yield Figure(f"{group}: error among routed", routed, _error(ours), target=accepted, at_most=True)


def _error(said: Sequence[Prediction]) -> float:
    wrong = [not one.correct for one in said if one.routed]
    return float(np.mean(wrong)) if wrong else nan


def asides(said: Said) -> Section:
    """Flags and secondary queues, each by itself."""
    figures = []
    for group, places in groups_of(said.account.cases).items():
        if group in ("all, unread", "all"):
            ours = _of(said.ours.predictions, places)
            pairs = [(one.secondary, one.right_secondary) for one in ours]
            figures.append(Figure(f"{group}: F1 of secondary queues", len(ours), micro_f1(pairs)))
            figures += [_flag(group, flag.id, ours) for flag in said.account.playbook.flags]
    return Section("Reference account: more than one ask", figures)


def _flag(group: str, flag: str, ours: Sequence[Prediction]) -> Figure:
    wanted = frozenset({flag})
    raised = sum(flag in one.right_flags for one in ours)
    return Figure(
        f"{group}: F1 of {flag} (n: messages that have it)",
        raised,
        micro_f1([(one.flags & wanted, one.right_flags & wanted) for one in ours]),
    )


def cold_start(account: Account, say: Say) -> Section:
    """Learned from the first few messages of each queue, in an order that hangs on ids alone; measured on the rest."""
    figures = []
    embedder = Remembering(HashedEmbedder())
    for most in COLD:
        say(f"{most} messages a queue")
        known, asked = first_few(account.cases, most)
        said = ask(account, known, asked, embedder).predictions
        plain = _plain(known, asked)
        for group, places in groups_of(asked).items():
            if group in ("usual, unread", "unusual, unread", "usual", "unusual"):
                name = f"{most} a queue, {group}: accuracy"
                figures.append(Figure(name, len(places), _right(said, places), _right(plain, places)))
    return Section("Reference account: cold start with playbook and canned answers", figures)


def first_few(cases: Sequence[Case], most: int) -> tuple[list[Case], list[Case]]:
    """At most so many cases of each queue, and the cases of other senders."""
    taken: dict[str, list[Case]] = defaultdict(list)
    for case in sorted(cases, key=lambda one: sha256(one.example.external_id.encode()).hexdigest()):
        if len(taken[case.confirmed.queue]) < most:
            taken[case.confirmed.queue].append(case)
    known = [case for few in taken.values() for case in few]
    ids = {case.example.external_id for case in known}
    senders = {case.example.sender_key for case in known} - {""}
    asked = [case for case in cases if case.example.external_id not in ids and case.example.sender_key not in senders]
    return known, asked


def _plain(known: Sequence[Case], asked: Sequence[Case]) -> list[Prediction]:
    """The baseline's; without any message it has no opinion."""
    if not known:
        return [Prediction(case.confirmed.queue, (), 0.0, routed=False) for case in asked]
    model = Baseline.fitted(_texts(known), [case.confirmed.queue for case in known])
    ranked = model.ranked(_texts(asked))
    return [Prediction(case.confirmed.queue, few, 1.0, True) for case, few in zip(asked, ranked, strict=True)]


def _texts(cases: Sequence[Case]) -> list[str]:
    return [f"{case.confirmed.message.subject}\n{case.confirmed.message.body}" for case in cases]


def _right(said: Sequence[Prediction], places: Sequence[int]) -> float:
    return sum(said[at].correct for at in places) / len(places) if places else nan


def _of(said: Sequence[Prediction], places: Sequence[int]) -> list[Prediction]:
    return [said[at] for at in places]
