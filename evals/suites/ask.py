"""Asks the voters about many cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import process_time

from evals.account import Account, Case
from evals.crossval import as_prediction
from evals.measures import Prediction
from evals.voters import Voters
from retrieval.embedding import Embedder
from service.pipeline.recall import search_text


@dataclass(frozen=True)
class Asked:
    """`predictions` in order of the cases. Processor time: seconds of the fit, milliseconds of a message's local votes
    and decision, what search takes apart."""

    voters: Voters
    predictions: Sequence[Prediction]
    fit_s: float
    vote_ms: float

    @property
    def accuracy(self) -> float:
        return sum(one.correct for one in self.predictions) / max(1, len(self.predictions))


def ask(account: Account, known: Sequence[Case], asked: Sequence[Case], embedder: Embedder) -> Asked:
    """What voters that learned from `known` say of `asked`. Vectors are made before, so that they are not timed."""
    embedder.embed([search_text(case.example.redacted) for case in (*known, *asked)])
    begun = process_time()
    voters = Voters.fitted(account, known, embedder)
    fit_s = process_time() - begun
    near = [voters.candidates(case.example.redacted) for case in asked]
    begun = process_time()
    decisions = [voters.decide(case.example.redacted, found) for case, found in zip(asked, near, strict=True)]
    vote_ms = 1000 * (process_time() - begun) / max(1, len(asked))
    said = [as_prediction(case, decision) for case, decision in zip(asked, decisions, strict=True)]
    return Asked(voters, said, fit_s, vote_ms)
