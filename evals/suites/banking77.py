"""Banking77 (Casanueva et al. 2020, arXiv:2003.04807): 77 reasons to write to a bank, in one sentence each."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.account import Account, Case
from evals.baseline import Baseline
from evals.harness.order import Say
from evals.measures import measure, risk_at
from evals.suites.ask import Asked, ask
from evals.suites.embedders import HOW, Remembering, sentence_embedder
from evals.suites.figures import Figure, Section
from evals.suites.public import Source, as_cases, english_account, read_rows
from retrieval.embedding import Embedder
from retrieval.hashed import HashedEmbedder

SOURCE = Source(
    "banking77",
    ("train.jsonl", "test.jsonl"),
    "Get banking_data/train.csv and test.csv from github.com/PolyAI-LDN/task-specific-datasets (CC BY 4.0), write "
    'them as lines of {"text": …, "label": …}, and name their folder with --data. The 5- and 10-shot splits are '
    "those of github.com/jianguoz/Few-Shot-Intent-Detection.",
)
SHOTS = (5, 10)
CURVE = (20, 50)
"""Messages an intent of the learning curve, between the few-shot splits and all."""
FULL, FULL_LOCAL, FIVE_LOCAL, TEN_LOCAL = 0.920, 0.943, 0.808, 0.869
VOTE_MS, FIT_S = 5.0, 60.0


@dataclass(frozen=True)
class Lesson:
    """What is learned from for one line; targets with the built-in and with a sentence embedder."""

    name: str
    known: Sequence[Case]
    target: float = float("nan")
    target_local: float = float("nan")


def run(data: Path, named: str | None, say: Say) -> Iterator[Section]:
    """Raises NoDataError."""
    folder = SOURCE.find(data)
    train, test = read_rows(folder / "train.jsonl"), read_rows(folder / "test.jsonl")
    account = english_account("banking77", [row.label for row in train])
    asked = as_cases(test, account, "test")
    lessons = [*_shots(folder, account), *_curve(as_cases(train, account, "train"))]
    found = sentence_embedder(named)
    figures: list[Figure] = []
    for lesson in lessons:
        say(lesson.name)
        figures += _figures(account, lesson, asked, found)
    notes = [] if found else [f"sentence embedder: skipped; {HOW}"]
    yield Section(
        f"Banking77 ({len(train)} train, {len(test)} test, {len(account.playbook.queues)} intents)", figures, notes
    )


def _shots(folder: Path, account: Account) -> Iterator[Lesson]:
    for shots, target in zip(SHOTS, (FIVE_LOCAL, TEN_LOCAL), strict=True):
        if (file := folder / f"fewshot_train_{shots}.jsonl").is_file():
            yield Lesson(f"{shots}-shot split", as_cases(read_rows(file), account, f"shot{shots}"), target_local=target)


def _curve(train: Sequence[Case]) -> Iterator[Lesson]:
    """The first few messages of each intent, then all."""
    by_queue: dict[str, list[Case]] = defaultdict(list)
    for case in train:
        by_queue[case.confirmed.queue].append(case)
    for most in CURVE:
        yield Lesson(f"{most} an intent", [case for cases in by_queue.values() for case in cases[:most]])
    yield Lesson("full data", train, FULL, FULL_LOCAL)


def _figures(account: Account, lesson: Lesson, asked: Sequence[Case], found: Embedder | None) -> Iterator[Figure]:
    plain = _baseline(lesson.known, asked)
    count = len(asked)
    ours = ask(account, lesson.known, asked, Remembering(HashedEmbedder()))
    yield Figure(f"{lesson.name}, built-in embedder: accuracy", count, ours.accuracy, plain, lesson.target)
    if lesson.name == "full data":
        yield from _details(ours)
    if found is not None:
        ours = ask(account, lesson.known, asked, found)
        yield Figure(f"{lesson.name}, sentence embedder: accuracy", count, ours.accuracy, plain, lesson.target_local)
        if lesson.name == "full data":
            yield from _details(ours)


def _details(ours: Asked) -> Iterator[Figure]:
    figures, count = measure(ours.predictions), len(ours.predictions)
    yield Figure("  right queue among the first three", count, figures["top3"])
    yield Figure("  expected calibration error", count, figures["ece"], target=0.05, at_most=True)
    yield Figure("  error among the surest 80 %", count, risk_at(ours.predictions, (0.8,))[0])
    yield Figure("  processor time of a fit (s)", len(ours.voters.known), ours.fit_s, target=FIT_S, at_most=True)
    yield Figure("  processor time of votes and decision (ms)", count, ours.vote_ms, target=VOTE_MS, at_most=True)


def _baseline(known: Sequence[Case], asked: Sequence[Case]) -> float:
    model = Baseline.fitted([one.confirmed.message.body for one in known], [one.confirmed.queue for one in known])
    ranked = model.ranked([one.confirmed.message.body for one in asked])
    return sum(queues[0] == one.confirmed.queue for queues, one in zip(ranked, asked, strict=True)) / len(asked)
