"""The local voters fitted on some cases, asked as the product asks them."""

from collections.abc import Sequence
from dataclasses import dataclass

from evals.account import Account, Case
from service.domain.candidates import Candidates
from service.domain.decision import Decision
from service.domain.redacted import Redacted
from service.learning.fit import fit
from service.learning.learned import Learned
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

    @classmethod
    def fitted(cls, account: Account, known: Sequence[Case]) -> "Voters":
        matcher = KeywordMatcher(account.playbook)
        learned = fit(
            [case.example for case in known],
            account.playbook,
            account.answers,
            lambda redacted: keywords.vote(redacted, matcher),
        )
        return cls(account, matcher, learned, load_phrases(PROMPTS, account.playbook.language))

    def candidates(self, redacted: Redacted) -> Candidates:
        del redacted
        return Candidates()

    def decide(self, redacted: Redacted, near: Candidates) -> Decision:
        votes = [
            keywords.vote(redacted, self.matcher),
            classifier.vote(redacted, self.learned),
            neighbours.vote(near),
        ]
        return decide(votes, self.account.playbook, self.learned, self.phrases)
