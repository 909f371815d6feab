"""The local voters fitted on some cases, asked as the product asks them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evals.account import Account, Case
from retrieval.embedding import Vectors
from retrieval.hashed import HashedEmbedder
from service.domain.candidates import Candidates, Neighbour
from service.domain.decision import Decision
from service.domain.redacted import Redacted
from service.learning.fit import fit
from service.learning.learned import Learned
from service.learning.nearest import NEIGHBOURS
from service.phrases import Phrases, load_phrases
from service.pipeline.decide import decide
from service.pipeline.votes import classifier, keywords, neighbours
from service.playbooks import KeywordMatcher
from service.settings import PROMPTS


@dataclass(frozen=True)
class Voters:
    account: Account
    matcher: KeywordMatcher
    learned: Learned
    phrases: Phrases
    known: tuple[Case, ...]
    vectors: Vectors

    @classmethod
    def fitted(cls, account: Account, known: Sequence[Case]) -> "Voters":
        matcher = KeywordMatcher(account.playbook)
        vectors = embedded([case.example.redacted for case in known])
        learned = fit(
            [case.example for case in known],
            account.playbook,
            account.answers,
            lambda redacted: keywords.vote(redacted, matcher),
            vectors,
        )
        phrases = load_phrases(PROMPTS, account.playbook.language)
        return cls(account, matcher, learned, phrases, tuple(known), vectors)

    def candidates(self, redacted: Redacted) -> Candidates:
        """The nearest known messages by exact search, as the index gives them."""
        similar = self.vectors @ embedded([redacted])[0]
        nearest = np.argsort(-similar, kind="stable")[:NEIGHBOURS]
        return Candidates(neighbours=tuple(self._neighbour(int(at), float(similar[at])) for at in nearest))

    def _neighbour(self, at: int, similarity: float) -> Neighbour:
        example = self.known[at].example
        return Neighbour(example.external_id, example.redacted.own, example.queue, similarity)

    def decide(self, redacted: Redacted, near: Candidates) -> Decision:
        votes = [
            keywords.vote(redacted, self.matcher),
            classifier.vote(redacted, self.learned),
            neighbours.vote(near),
        ]
        return decide(votes, self.account.playbook, self.learned, self.phrases)


def embedded(messages: Sequence[Redacted]) -> Vectors:
    return HashedEmbedder().embed([f"{one.subject}\n{one.own}" for one in messages])
