"""Queues left out of everything that is learned, then asked about; and what is learned from that: the weights of
`prompts/learning/familiarity.yaml`.

Queues are left out three at a time, in sets by a hash of their names, so that nobody picks them. The first sets are
for measuring (`evals.suites.unseen`): nothing is learned from leaving them out, and no message of theirs is among
the known ones that weights are learned from. Nor are unread messages. A queue for what is out of scope is always
known, and its own messages are not asked about: they are neither.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import click
import numpy as np
from numpy.typing import NDArray

from evals.account import Account, Case, read_account
from evals.voters import Voters
from service.domain.votes import Vote
from service.learning.examples import fold_of
from service.learning.familiarity import names_of
from service.learning.pool import VOTERS
from service.pipeline.fusion import familiarity_of

Array = NDArray[np.float64]
Rows = NDArray[np.bool_]

QUEUES = 3
MEASURED = 2
"""Sets that nothing is learned from."""
FOLDS = 5
COST = 0.1
"""Inverse strength of regularisation of the weights: 0.01 to 1 measure alike."""


@dataclass(frozen=True)
class Asked:
    """Voters that never heard of some queues, and messages that none of them learned from: of these queues where
    `unknown`, of others else."""

    voters: Voters
    cases: Sequence[Case]
    unknown: Rows

    def votes(self) -> Iterator[tuple[Vote, ...]]:
        """Those of each case."""
        for case in self.cases:
            redacted = case.example.redacted
            yield self.voters.votes(redacted, self.voters.candidates(redacted))


def sets_of(account: Account) -> list[tuple[str, ...]]:
    queues = [queue.id for queue in account.playbook.queues if not queue.out_of_scope]
    order = sorted(queues, key=lambda queue: sha256(queue.encode()).hexdigest())
    return [tuple(order[at : at + QUEUES]) for at in range(0, len(order) - QUEUES + 1, QUEUES)]


def asked_without(account: Account, few: Sequence[str], fold: int) -> Asked:
    """Known messages are those of one fold."""
    unknown = np.array([case.confirmed.queue in few for case in account.cases])
    held = fold_of([case.example for case in account.cases], FOLDS) == fold % FOLDS
    known = [case for case, out in zip(account.cases, unknown | held, strict=True) if not out]
    beyond = {queue.id for queue in account.playbook.queues if queue.out_of_scope}
    neither = np.array([case.confirmed.queue in beyond for case in account.cases])
    asked = np.flatnonzero((unknown | held) & ~neither).tolist()
    voters = Voters.fitted(_without(account, few), [_forgetful(case, few) for case in known])
    return Asked(voters, [account.cases[at] for at in asked], unknown[asked])


def _without(account: Account, few: Sequence[str]) -> Account:
    """As if nobody had ever thought of these queues."""
    playbook = account.playbook
    queues = [
        queue.model_copy(update={"examples": tuple(one for one in queue.examples if not set(one.secondary) & set(few))})
        for queue in playbook.queues
        if queue.id not in few
    ]
    rules = [rule for rule in playbook.precedence if not {rule.winner, *rule.over} & set(few)]
    bare = playbook.model_copy(update={"queues": tuple(queues), "precedence": tuple(rules)})
    return Account(bare, [answer for answer in account.answers if answer.queue not in few], account.cases)


def _forgetful(case: Case, few: Sequence[str]) -> Case:
    secondary = tuple(queue for queue in case.example.secondary if queue not in few)
    return replace(case, example=replace(case.example, secondary=secondary))


def learned_weights(account: Account, say: Callable[[str], None]) -> dict[str, float]:
    """By the names of `service.learning.familiarity.names_of`."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  heavy, and only this needs it

    sets = sets_of(account)
    reserved = {queue for few in sets[:MEASURED] for queue in few}
    told, known = [], []
    for number, few in enumerate(sets[MEASURED:], MEASURED):
        say(f"without {', '.join(few)}")
        asked = asked_without(account, few, number)
        for case, unknown, votes in zip(asked.cases, asked.unknown.tolist(), asked.votes(), strict=True):
            found = familiarity_of(votes, asked.voters.account.playbook.queue_ids, asked.voters.learned)
            if found and not case.unread and case.confirmed.queue not in reserved:
                told.append(found[0].units(found[1]))
                known.append(not unknown)
    model = LogisticRegression(C=COST, class_weight="balanced", max_iter=5000).fit(np.array(told), np.array(known))
    return dict(zip(names_of(VOTERS), np.round(model.coef_[0], 3).tolist(), strict=True))


@click.command()
def main() -> None:
    """Prints the weights of the reference account."""
    for name, weight in learned_weights(read_account(), lambda line: click.echo(line, err=True)).items():
        click.echo(f"  {name}: {weight}")


if __name__ == "__main__":
    main()
