"""Kinds of message that the account does not have, as the product treats them: beside the rule of before, which asked
for a keyword or a near message of the best queue, and for more where nothing was known.

The queues asked about are those from whose absence nothing was learned, see `evals.suites.leaving_out`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evals.account import Account
from evals.harness.order import Say
from evals.measures import auroc
from evals.suites.figures import Figure, Section
from evals.suites.leaving_out import MEASURED, Asked, asked_without, sets_of
from service.domain.decision import Decision
from service.domain.votes import Vote
from service.learning.learned import Learned
from service.pipeline.decide import decide
from service.pipeline.fusion import familiarity_of

Array = NDArray[np.float64]
Rows = NDArray[np.bool_]


@dataclass(frozen=True)
class Said:
    """Of each case, by one rule: whether it is said to be like nothing known, or goes to a queue for that; whether it
    is routed elsewhere, and wrongly so."""

    named: Rows
    routed: Rows
    wrong: Rows


@dataclass(frozen=True)
class Told:
    """Of each case: whether its queue is unknown, whether no author of the playbook has read it, its greatest
    probability and its familiarity."""

    unknown: Rows
    unread: Rows
    probability: Array
    familiarity: Array
    before: Said
    now: Said


def unseen(account: Account, say: Say) -> Section:
    sets = sets_of(account)[:MEASURED]
    told = []
    for number, few in enumerate(sets):
        say(f"without {', '.join(few)}")
        told.append(_told(asked_without(account, few, number)))
    figures = [*_figures("unread", told, unread=True), *_figures("all", told, unread=False)]
    notes = [
        f"left out: {'; '.join(', '.join(few) for few in sets)}",
        "baseline: the greatest probability, and the rule of before familiarity",
    ]
    return Section("Reference account: messages of queues that it does not have", figures, notes)


def _told(asked: Asked) -> Told:
    voters, votes = asked.voters, list(asked.votes())
    queues, learned = voters.account.playbook.queue_ids, voters.learned
    now = [_decided(asked, one, learned) for one in votes]
    found = [familiarity_of(one, queues, learned) for one in votes]
    return Told(
        unknown=asked.unknown,
        unread=np.array([case.unread for case in asked.cases]),
        probability=np.array([one.confidence for one in now]),
        familiarity=np.array([one[0].score(one[1]) if one else -np.inf for one in found]),
        before=_said(asked, [_decided(asked, one, replace(learned, familiarities={})) for one in votes]),
        now=_said(asked, now),
    )


def _decided(asked: Asked, votes: Sequence[Vote], learned: Learned) -> Decision:
    return decide(votes, asked.voters.account.playbook, learned, asked.voters.phrases)


def _said(asked: Asked, decisions: Sequence[Decision]) -> Said:
    beyond = {queue.id for queue in asked.voters.account.playbook.queues if queue.out_of_scope}
    routed = np.array([one.outcome == "routed" and one.queue not in beyond for one in decisions])
    right = [one.queue == case.confirmed.queue for one, case in zip(decisions, asked.cases, strict=True)]
    return Said(
        named=np.array([one.outcome_reason == "out_of_scope" or one.queue in beyond for one in decisions]),
        routed=routed,
        wrong=routed & ~np.array(right),
    )


def _figures(group: str, told: Sequence[Told], unread: bool) -> Iterator[Figure]:
    chosen = np.concatenate([one.unread | (not unread) for one in told])
    unknown = np.concatenate([one.unknown for one in told])
    inside, outside = chosen & ~unknown, chosen & unknown
    plain, familiar = (np.concatenate([getattr(one, name) for one in told]) for name in ("probability", "familiarity"))
    yield Figure(
        f"{group}: AUROC of familiarity, known against unknown queues",
        int(chosen.sum()),
        auroc(familiar[inside], familiar[outside]),
        auroc(plain[inside], plain[outside]),
    )
    for kind, rows in (("unknown queues", outside), ("known queues", inside)):
        for name, what in (("named", "said to be like nothing known"), ("routed", "routed")):
            before, now = (np.concatenate([getattr(getattr(one, when), name) for one in told]) for when in _WHEN)
            count = int(rows.sum())
            yield Figure(f"{group}: {what}, {kind}", count, float(now[rows].mean()), float(before[rows].mean()))
    errors = [
        float(np.concatenate([getattr(one, when).wrong for one in told])[inside].sum())
        / max(1, int(np.concatenate([getattr(one, when).routed for one in told])[inside].sum()))
        for when in _WHEN
    ]
    yield Figure(f"{group}: error among routed, known queues", int(inside.sum()), errors[1], errors[0])


_WHEN = ("before", "now")
