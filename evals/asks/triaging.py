"""Every message triaged by an account that learned from neither it nor its sender's others."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from evals.account import Case
from evals.crossval import FOLDS
from evals.harness.order import Say
from evals.harness.workbench import Material, desk_with
from service.domain.playbook import Playbook
from service.domain.redacted import Redacted
from service.domain.triage import Triage
from service.learning.examples import fold_of
from service.learning.learned import Learned
from service.learning.reading import read
from service.learning.sentences import sentences
from service.learning.spread import spread
from service.pipeline.draft.situations import situations_for
from service.pipeline.run import triage
from service.settings import Settings
from service.storage.ids import new_id
from service.wiring import Desk


@dataclass(frozen=True, slots=True)
class Told:
    """One message beside its labels. Queues: `right` and the `second` ones are labelled, `first` is the best guess;
    `secondary`, `named` and `answered` (by a paragraph of the draft) are the Triage's; `floor` are those that some
    sentence is most about. `situations` are the draft's, `labelled` those that the labels call for."""

    case: Case
    first: str
    secondary: frozenset[str]
    named: frozenset[str]
    answered: frozenset[str]
    floor: frozenset[str]
    drafted: bool
    situations: frozenset[str]
    labelled: frozenset[str]

    @property
    def right(self) -> str:
        return self.case.confirmed.queue

    @property
    def second(self) -> tuple[str, ...]:
        return self.case.confirmed.secondary

    @property
    def sender(self) -> str:
        return self.case.example.sender_key or self.case.example.external_id


def cross_triaged(
    material: Material, cases: Sequence[Case], settings: Settings, say: Say, folds: int = FOLDS
) -> list[Told]:
    """In the order of the cases, the product's own way throughout; the material's own history is not learned."""
    fold = fold_of([case.example for case in cases], folds)
    found: dict[int, Told] = {}
    for held in range(folds):
        say(f"fold {held + 1} of {folds}")
        known = [cases[at].confirmed for at in map(int, np.flatnonzero(fold != held))]
        asked = list(map(int, np.flatnonzero(fold == held)))
        with desk_with(material, known, settings) as desk:
            made = asyncio.run(_triaged(desk, material.playbook, [cases[at] for at in asked]))
        found |= dict(zip(asked, made, strict=True))
    return [found[at] for at in range(len(cases))]


async def _triaged(desk: Desk, playbook: Playbook, cases: Sequence[Case]) -> list[Told]:
    knowledge = await desk.shelf.of(playbook.account)
    made: list[Told] = []
    for case in cases:
        message = case.confirmed.message.model_copy(update={"account": playbook.account})
        result = await triage(message, knowledge, new_id(), message.received_at)
        floor = by_sentence(case.example.redacted, knowledge.learned) if knowledge.learned else ()
        made.append(told(case, result, floor, playbook))
    return made


def told(case: Case, result: Triage, floor: Collection[str], playbook: Playbook) -> Told:
    confirmed = case.confirmed
    return Told(
        case=case,
        first=result.alternatives[0].queue if result.alternatives else "",
        secondary=frozenset(result.secondary),
        named=frozenset(ask.queue for ask in result.asks),
        answered=frozenset(ask.queue for ask in result.asks if ask.answered_by),
        floor=frozenset(floor),
        drafted=result.draft is not None,
        situations=frozenset(result.draft.situations if result.draft else ()),
        labelled=frozenset(one.id for one in situations_for(confirmed.queue, confirmed.flags, playbook)),
    )


def by_sentence(redacted: Redacted, learned: Learned) -> list[str]:
    """For each sentence the queue that the linear model finds in it."""
    reading = read(redacted)
    if not reading.words:
        return []
    given = spread(learned.vocabulary, reading, [one.bounds for one in sentences(redacted, reading)])
    return [learned.queues[place] for place in given.margins(learned.linear)[1:].argmax(axis=1).tolist()]
