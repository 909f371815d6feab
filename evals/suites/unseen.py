"""Kinds of message that the account does not have: queues left out of everything that is learned, then asked about.

Queues are left out in two sets. What tells them apart is learned from one set and measured on the other, and the
messages of known queues that are asked about were not learned from either. A queue for what is out of scope is
always known, and its own messages are not asked about: they are neither.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from math import nan

import numpy as np
from numpy.typing import NDArray

from evals.account import Account, Case
from evals.harness.order import Say
from evals.measures import auroc
from evals.suites.familiarity import familiarity_numbers, fit_familiarity
from evals.suites.figures import Figure, Section
from evals.voters import Voters
from service.learning.examples import fold_of

Array = NDArray[np.float64]
Rows = NDArray[np.bool_]

SETS, QUEUES = 2, 3
FOLDS = 5


@dataclass(frozen=True)
class Told:
    """[case, number] of familiarity; whether the product names each case out of scope, or routes it to a queue for
    that (`rule`), or routes it elsewhere; whether its queue is unknown."""

    numbers: Array
    rule: Rows
    routed: Rows
    unknown: Rows


def unseen(account: Account, say: Say) -> Section:
    sets = _sets([queue.id for queue in account.playbook.queues if not queue.out_of_scope])
    told = [_asked(account, few, say) for few in sets]
    scores = [_familiarity(other, mine) for mine, other in zip(told, reversed(told), strict=True)]
    unknown, rule, routed = (
        np.concatenate([getattr(one, name) for one in told]) for name in ("unknown", "rule", "routed")
    )
    plain, stacked = np.concatenate([one.numbers[:, 0] for one in told]), np.concatenate(scores)
    outside, inside = int(unknown.sum()), int((~unknown).sum())
    figures = [
        Figure("AUROC, greatest probability", outside + inside, auroc(plain[~unknown], plain[unknown])),
        Figure("AUROC, stacker", outside + inside, auroc(stacked[~unknown], stacked[unknown])),
        Figure("named out of scope, today's rule: unknown queues", outside, float(rule[unknown].mean())),
        Figure("named out of scope, today's rule: known queues", inside, float(rule[~unknown].mean())),
        Figure("named out of scope, stacker at as many known", outside, _share_below(stacked, unknown, rule)),
        Figure("routed: unknown queues", outside, float(routed[unknown].mean())),
        Figure("routed: known queues", inside, float(routed[~unknown].mean())),
        Figure("routed, stacker at as many known: unknown queues", outside, _share_below(-stacked, unknown, routed)),
    ]
    notes = [f"left out: {'; '.join(', '.join(few) for few in sets)}"]
    return Section("Reference account: messages of queues that it does not have", figures, notes)


def _sets(queues: Sequence[str]) -> list[tuple[str, ...]]:
    """By a hash of their names, so that nobody picks them."""
    order = sorted(queues, key=lambda queue: sha256(queue.encode()).hexdigest())
    return [tuple(order[at * QUEUES : (at + 1) * QUEUES]) for at in range(SETS)]


def _asked(account: Account, few: Sequence[str], say: Say) -> Told:
    say(f"without {', '.join(few)}")
    unknown = np.array([case.confirmed.queue in few for case in account.cases])
    held = fold_of([case.example for case in account.cases], FOLDS) == 0
    known = [case for case, out in zip(account.cases, unknown | held, strict=True) if not out]
    beyond = {queue.id for queue in account.playbook.queues if queue.out_of_scope}
    neither = np.array([case.confirmed.queue in beyond for case in account.cases])
    asked = np.flatnonzero((unknown | held) & ~neither).tolist()
    without = _without(account, few)
    voters = Voters.fitted(without, [_forgetful(case, few) for case in known])
    found = [account.cases[at].example.redacted for at in asked]
    decisions = [voters.decide(redacted, voters.candidates(redacted)) for redacted in found]
    return Told(
        numbers=np.array([familiarity_numbers(voters, redacted)[0] for redacted in found]),
        rule=np.array([one.outcome_reason == "out_of_scope" or one.queue in beyond for one in decisions]),
        routed=np.array([one.outcome == "routed" and one.queue not in beyond for one in decisions]),
        unknown=unknown[asked],
    )


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


def _familiarity(learned_from: Told, asked: Told) -> Array:
    """Of each asked case, by what the other set taught."""
    stacker = fit_familiarity(learned_from.numbers[~learned_from.unknown], learned_from.numbers[learned_from.unknown])
    return np.array([stacker(row) for row in asked.numbers.tolist()])


def _share_below(scores: Array, unknown: Rows, chosen: Rows) -> float:
    """Share of unknown ones among the lowest scores, as many of the known ones as were `chosen` being so."""
    many = int((chosen & ~unknown).sum())
    if not many:
        return nan
    return float((scores[unknown] <= np.sort(scores[~unknown])[many - 1]).mean())
