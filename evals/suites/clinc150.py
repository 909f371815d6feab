"""CLINC150 (Larson et al. 2019, arXiv:1909.02027): 150 intents, and questions that are none of them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.account import Account, Case
from evals.baseline import Baseline
from evals.harness.order import Say
from evals.measures import auroc
from evals.suites.embedders import HOW, Remembering, sentence_embedder
from evals.suites.figures import Figure, Section
from evals.suites.public import Row, Source, as_cases, english_account, slug
from evals.suites.stacker import fit_stacker, stacker_numbers
from evals.voters import Voters
from retrieval.embedding import Embedder
from retrieval.hashed import HashedEmbedder
from service.pipeline.recall import search_text

SOURCE = Source(
    "clinc150",
    ("data_full.json",),
    "Get data/data_full.json from github.com/clinc/oos-eval (CC BY 3.0) and name its folder with --data.",
)
OUT = "oos"
AUROC = 0.982
REJECTED = 0.05
"""Share of in-scope questions that the threshold of out-of-scope recall may turn away, on the validation part."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Parts:
    """In-scope questions of each part, and the others: `other` to fit on, `other_test` to measure on."""

    train: Sequence[Case]
    val: Sequence[Case]
    test: Sequence[Case]
    other: Sequence[Case]
    other_test: Sequence[Case]


@dataclass(frozen=True)
class Scores:
    """Higher is more in scope; on the validation part, on the test part, and on the out-of-scope test part."""

    val: Array
    test: Array
    other: Array

    @property
    def auroc(self) -> float:
        return auroc(self.test, self.other)

    @property
    def recall(self) -> float:
        """Share of out-of-scope questions below the score that all but `REJECTED` of the validation part reach."""
        return float((self.other < np.quantile(self.val, REJECTED)).mean())


def run(data: Path, named: str | None, say: Say) -> Iterator[Section]:
    """Raises NoDataError."""
    account, parts = read_parts(SOURCE.find(data) / "data_full.json")
    say("baseline")
    plain, right = _baseline(parts)
    say("built-in embedder")
    figures = list(_figures("built-in embedder", account, parts, Remembering(HashedEmbedder()), plain, right))
    found = sentence_embedder(named)
    if found is not None:
        say("sentence embedder")
        figures += _figures("sentence embedder", account, parts, found, plain, right)
    notes = [
        "baseline: greatest softmax of its margins; ours: greatest probability, the stacker over the votes, and the "
        "product's familiarity, whose weights have seen no question of this data set",
        f"out-of-scope recall: where {1 - REJECTED:.0%} of the in-scope validation part are kept",
    ]
    notes += [] if found else [f"sentence embedder: skipped; {HOW}"]
    yield Section(
        f"CLINC150 ({len(parts.train)} train, {len(parts.test)} + {len(parts.other_test)} test)", figures, notes
    )


def read_parts(file: Path) -> tuple[Account, Parts]:
    content = json.loads(file.read_text("utf-8"))
    rows = {name: [Row(text, slug(label)) for text, label in part] for name, part in content.items()}
    account = english_account("clinc150", [row.label for row in rows["train"]])

    def cases(*names: str) -> list[Case]:
        return as_cases([row for name in names for row in rows[name]], account, names[0])

    return account, Parts(cases("train"), cases("val"), cases("test"), cases("oos_train", "oos_val"), cases("oos_test"))


def _baseline(parts: Parts) -> tuple[Scores, float]:
    """Its greatest softmax, tempered on the validation part, and its accuracy on the test part."""
    model = Baseline.fitted(_texts(parts.train), _labels(parts.train))
    sharpness = model.tempered(_texts(parts.val), _labels(parts.val))
    sure = [model.sureness(_texts(some), sharpness) for some in (parts.val, parts.test, parts.other_test)]
    ranked = model.ranked(_texts(parts.test))
    right = np.mean([queues[0] == label for queues, label in zip(ranked, _labels(parts.test), strict=True)])
    return Scores(*sure), float(right)


def _figures(
    name: str, account: Account, parts: Parts, embedder: Embedder, plain: Scores, right: float
) -> list[Figure]:
    everything = (*parts.train, *parts.val, *parts.test, *parts.other, *parts.other_test)
    embedder.embed([search_text(case.example.redacted) for case in everything])
    voters = Voters.fitted(account, parts.train, embedder)
    told = {name: _told(voters, some) for name, some in vars(parts).items() if name != "train"}
    numbers = {name: np.array([row for row, _, _ in rows]) for name, rows in told.items()}
    own = Scores(*(np.array([score for _, _, score in told[some]]) for some in ("val", "test", "other_test")))
    stacker = fit_stacker(numbers["val"], numbers["other"])
    sure, stacked = (
        Scores(*(score(numbers[some]) for some in ("val", "test", "other_test")))
        for score in (_surest, lambda rows: np.array([stacker(row) for row in rows.tolist()]))
    )
    guesses = [guess for _, guess, _ in told["test"]]
    ours = float(np.mean([guess == label for guess, label in zip(guesses, _labels(parts.test), strict=True)]))
    inside, outside = len(parts.test), len(parts.other_test)
    return [
        Figure(f"{name}: accuracy in scope", inside, ours, right, right),
        Figure(f"{name}: out-of-scope AUROC, greatest probability", inside + outside, sure.auroc, plain.auroc),
        Figure(f"{name}: out-of-scope AUROC, stacker", inside + outside, stacked.auroc, plain.auroc, AUROC),
        Figure(f"{name}: out-of-scope AUROC, familiarity as shipped", inside + outside, own.auroc, plain.auroc),
        Figure(f"{name}: out-of-scope recall, familiarity as shipped", outside, own.recall, plain.recall),
        Figure(f"{name}: out-of-scope recall, greatest probability", outside, sure.recall, plain.recall),
        Figure(f"{name}: out-of-scope recall, stacker", outside, stacked.recall, plain.recall, plain.recall),
    ]


def _told(voters: Voters, cases: Sequence[Case]) -> list[tuple[list[float], str | None, float]]:
    """As `stacker_numbers` of each case."""
    return [stacker_numbers(voters, case.example.redacted) for case in cases]


def _surest(numbers: Array) -> Array:
    return numbers[:, 0]


def _texts(cases: Sequence[Case]) -> list[str]:
    return [case.confirmed.message.body for case in cases]


def _labels(cases: Sequence[Case]) -> list[str]:
    return [case.confirmed.queue for case in cases]
