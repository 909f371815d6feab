"""The local voters fitted on some cases, asked as the product asks them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from evals.account import Account, Case
from retrieval.embedding import Embedder, Vectors, knows_meanings
from retrieval.hashed import HashedEmbedder
from service.domain.candidates import Candidates, Neighbour
from service.domain.decision import Decision
from service.domain.redacted import Redacted
from service.domain.votes import Vote
from service.learning.fit import fit
from service.learning.learned import Learned
from service.learning.nearest import NEIGHBOURS
from service.learning.weak import described
from service.phrases import Phrases, load_phrases
from service.pipeline.decide import decide
from service.pipeline.recall import search_text
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
    embedder: Embedder = field(default_factory=HashedEmbedder)

    @classmethod
    def fitted(cls, account: Account, known: Sequence[Case], embedder: Embedder | None = None) -> "Voters":
        """By default with the built-in embedder."""
        embedder = embedder or HashedEmbedder()
        matcher, queues = KeywordMatcher(account.playbook), account.playbook.queues
        vectors = embedder.embed([search_text(case.example.redacted) for case in known])
        learned = fit(
            [case.example for case in known],
            account.playbook,
            account.answers,
            lambda redacted: keywords.vote(redacted, matcher),
            vectors,
            embedder.embed([described(queue) for queue in queues]) if knows_meanings(embedder.name) else None,
            embedder.embed([answer.searched for answer in account.answers]),
        )
        phrases = load_phrases(PROMPTS, account.playbook.language)
        return cls(account, matcher, learned, phrases, tuple(known), vectors, embedder)

    def candidates(self, redacted: Redacted) -> Candidates:
        """The nearest known messages by exact search, as the index gives them."""
        if not self.known:
            return Candidates()
        similar = self.vectors @ self.embedder.embed([search_text(redacted)])[0]
        nearest = np.argsort(-similar, kind="stable")[:NEIGHBOURS]
        return Candidates(neighbours=tuple(self._neighbour(int(at), float(similar[at])) for at in nearest))

    def _neighbour(self, at: int, similarity: float) -> Neighbour:
        example = self.known[at].example
        return Neighbour(example.external_id, example.redacted.own, example.queue, similarity)

    def votes(self, redacted: Redacted, near: Candidates) -> tuple[Vote, ...]:
        """One a voter, in the product's order."""
        vector = self.embedder.embed([search_text(redacted)])[0] if knows_meanings(self.embedder.name) else None
        return (
            keywords.vote(redacted, self.matcher),
            classifier.vote(redacted, self.learned, vector),
            neighbours.vote(near),
        )

    def decide(self, redacted: Redacted, near: Candidates) -> Decision:
        votes, playbook = self.votes(redacted, near), self.account.playbook
        return decide(votes, playbook, self.learned, self.phrases, language=redacted.language)
