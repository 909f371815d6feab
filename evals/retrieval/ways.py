"""Ways to rank an account's canned answers for a message, each by code that has not learned from the message."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, get_args

import numpy as np

from evals.account import Account, Case
from evals.retrieval.shelf import collections_of, library_of
from evals.voters import Voters
from service.connectors.search import RetrievedSearch
from service.domain.candidates import Candidates
from service.domain.decision import Alternative, Decision
from service.learning.answers import answered
from service.learning.examples import fold_of
from service.learning.speaker import speaker_of
from service.pipeline.decide import decide
from service.pipeline.rank import rank
from service.pipeline.recall import NEIGHBOURS, search_text
from service.pipeline.votes import classifier, keywords, neighbours

FOLDS = 5
Way = Literal["BM25 alone", "vectors alone", "neighbours alone", "inside the right queue", "ours"]
WAYS: tuple[Way, ...] = get_args(Way)
Ranked = Mapping[Way, Sequence[str]]
"""Ids of canned answers, best first, by way."""


class Ranker:
    """The product's recall, votes, decision and ranking, having learned from some cases alone."""

    def __init__(self, account: Account, known: Sequence[Case]) -> None:
        self.account = account
        self.voters = Voters.fitted(account, known)
        made = collections_of(account.playbook.account, account.answers, known)
        self.search = RetrievedSearch.over(library_of(made))

    def __call__(self, case: Case) -> Ranked:
        found = self.recalled(case)
        decision, margins = self.decided(case, found)
        right = decision.model_copy(
            update={"alternatives": (Alternative(queue=case.confirmed.queue, probability=1.0),), "secondary": ()}
        )
        given = answered((one.answers, one.similarity) for one in found.neighbours)
        return {
            "BM25 alone": _best(found, found.told.words),
            "vectors alone": _best(found, found.told.vectors),
            "neighbours alone": sorted(given, key=lambda answer: -given[answer]),
            "inside the right queue": self.ranked(case, found, right, margins),
            "ours": self.ranked(case, found, decision, margins),
        }

    def recalled(self, case: Case) -> Candidates:
        redacted, own = case.example.redacted, case.example.external_id
        return self.search.recall_now(self.account.playbook.account, search_text(redacted), NEIGHBOURS, own)

    def decided(self, case: Case, found: Candidates) -> tuple[Decision, Mapping[str, float]]:
        """The decision without a model, and how much the words speak for each answer."""
        redacted, voters = case.example.redacted, self.voters
        heard = classifier.hear(redacted, voters.learned)
        votes = (keywords.vote(redacted, voters.matcher), heard.vote, neighbours.vote(found))
        return decide(votes, self.account.playbook, voters.learned, voters.phrases), heard.answers

    def ranked(self, case: Case, found: Candidates, decision: Decision, margins: Mapping[str, float]) -> list[str]:
        """All answers of the account, so that the place of the right one is known wherever it is."""
        everything = {answer.id for answer in found.told.answers}
        message = case.confirmed.message
        speaker = speaker_of(case.example.redacted, message.metadata)
        playbook, learned = self.account.playbook, self.voters.learned
        done = rank(found, decision, margins, speaker, playbook, learned, message.received_at, everything)
        return [one.answer.id for one in done.answers]


def cross_validate(account: Account, folds: int, say: Callable[[str], None]) -> list[Ranked]:
    """What each way ranks for each case, in order of the cases. Everything that is learned, its weights too, is
    fitted without the case and its sender."""
    fold = fold_of([case.example for case in account.cases], folds)
    found: dict[int, Ranked] = {}
    for held in range(folds):
        say(f"fold {held + 1} of {folds}")
        ranker = Ranker(account, [case for case, its in zip(account.cases, fold, strict=True) if its != held])
        for place in map(int, np.flatnonzero(fold == held)):
            found[place] = ranker(account.cases[place])
    return [found[place] for place in range(len(account.cases))]


def unlearned(account: Account) -> list[Ranked]:
    """The same of an account without confirmed messages: its playbook and its answers are all there is."""
    ranker = Ranker(account, [])
    return [ranker(case) for case in account.cases]


def _best(found: Candidates, numbers: Sequence[float]) -> list[str]:
    told = zip(found.told.answers, numbers, strict=True)
    return [answer.id for answer, number in sorted(told, key=lambda one: -one[1]) if number > 0]
