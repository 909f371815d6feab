"""One account among many in one index: the same quality, and what a message costs."""

import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from evals.account import Account, Case
from evals.retrieval.figures import figures
from evals.retrieval.shelf import collections_of, library_of
from evals.retrieval.ways import Ranker
from retrieval.chroma import EmbeddedChroma
from retrieval.library import Library
from retrieval.upkeep import KeptIndex
from service.connectors.search import RetrievedSearch
from service.domain.answers import CannedAnswer
from service.learning.examples import fold_of

WARM_UP = 10
"""One message in so many, the first ones, is not counted."""
SETTLED_S = 600.0


def measure_scale(account: Account, answers: int, accounts: int, folds: int) -> str:
    """A table: recall@3 and MRR of one fold's messages, alone and among the others, and milliseconds a message."""
    fold = fold_of([case.example for case in account.cases], folds)
    known = [case for case, its in zip(account.cases, fold, strict=True) if its]
    asked = [case for case, its in zip(account.cases, fold, strict=True) if not its and case.confirmed.answers]
    ranker = Ranker(account, known)
    lines = [_line("alone", ranker, asked)]
    with _crowd(account, known, answers, accounts) as library:
        ranker.search = RetrievedSearch.over(library)
        lines.append(_line(f"among {answers} answers of {accounts} accounts", ranker, asked))
    crowded = [*account.answers, *_made_up(account.answers, answers - len(account.answers), 0)]
    ranker.search = RetrievedSearch.over(library_of(collections_of(account.playbook.account, crowded, known)))
    lines.append(_line(f"{answers} answers of one account", ranker, asked))
    return "\n".join([f"{len(asked)} messages", *lines])


@contextmanager
def _crowd(account: Account, known: Sequence[Case], answers: int, accounts: int) -> Iterator[Library]:
    """The account at hand, and others with answers made of its own ones' sentences, so that all sound alike."""
    own, others = len(account.answers), max(1, accounts - 1)
    collections = collections_of(account.playbook.account, account.answers, known)
    for number in range(accounts - 1):
        each = (answers - own) * (number + 1) // others - (answers - own) * number // others
        collections |= collections_of(
            f"other-{number}", _made_up(account.answers, each, number), known[number::accounts]
        )
    with tempfile.TemporaryDirectory() as folder:
        library = library_of(collections, KeptIndex(EmbeddedChroma(Path(folder))))
        try:
            for name in collections:
                library.prepare(name)
            if not library.settled(SETTLED_S):
                raise RuntimeError("the index was not ready in time")
            yield library
        finally:
            library.close()


def _made_up(answers: Sequence[CannedAnswer], count: int, seed: int) -> list[CannedAnswer]:
    drawn = random.Random(seed)  # noqa: S311 (no secret)
    lines = [line for answer in answers for line in answer.body.split("\n") if line.strip()]
    return [
        drawn.choice(answers).model_copy(
            update={"id": f"made_up_{number}", "body": "\n".join(drawn.sample(lines, min(8, len(lines))))}
        )
        for number in range(count)
    ]


def _line(name: str, ranker: Ranker, asked: Sequence[Case]) -> str:
    found = figures(asked, [ranker(case)["ours"] for case in asked])
    decided = {case.example.external_id: ranker.decided(case, ranker.recalled(case)) for case in asked}

    def recalled_and_ranked(case: Case) -> None:
        ranker.ranked(case, ranker.recalled(case), *decided[case.example.external_id])

    taken = f"recall {_timed(ranker.recalled, asked)}, with ranking {_timed(recalled_and_ranked, asked)}"
    return f"{name:42s} recall@3 {found['recall@3']}  MRR {found['MRR']}  {taken}"


def _timed(ask: Callable[[Case], object], asked: Sequence[Case]) -> str:
    taken = []
    for case in asked:
        begun = time.perf_counter()
        ask(case)
        taken.append(1000 * (time.perf_counter() - begun))
    p50, p95 = np.percentile(taken[len(taken) // WARM_UP :], [50, 95])
    return f"p50 {p50:.2f} ms, p95 {p95:.2f} ms"
