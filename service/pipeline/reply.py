"""From the decision to a reply: the message's asks, the draft, and which paragraph answers which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from service.domain.ask import Ask
from service.domain.candidates import Candidates
from service.domain.decision import Decision
from service.domain.draft import Draft, NoDraft
from service.domain.history import Earlier
from service.domain.message import Message
from service.domain.model_answer import ModelAnswer
from service.domain.redacted import Redacted, Vault
from service.domain.votes import Vote
from service.pipeline.asks import find_asks, settled
from service.pipeline.draft import Around, draft
from service.pipeline.earlier import earlier_wait
from service.pipeline.knowledge import Knowledge


@dataclass(frozen=True, slots=True)
class Read:
    """A message as it was read: as received, opened, redacted, and what its sender wrote before."""

    received: Message
    message: Message
    redacted: Redacted
    vault: Vault
    earlier: Sequence[Earlier] = ()


def reply(
    read: Read,
    decision: Decision,
    votes: Sequence[Vote],
    candidates: Candidates,
    opinion: ModelAnswer | None,
    knowledge: Knowledge,
    now: datetime,
) -> tuple[tuple[Ask, ...], Draft | NoDraft]:
    """The asks with what answers them; the draft is not checked yet."""
    playbook, phrases, redacted, vault = knowledge.playbook, knowledge.phrases, read.redacted, read.vault
    asks = find_asks(decision, votes, opinion, redacted, read.received, vault)
    queue = decision.queue or decision.guess
    before = partial(earlier_wait, read.earlier, queue, read.message, redacted, playbook)
    around = Around(asks, now, before)
    proposed = draft(decision, candidates, redacted, vault, read.message, playbook, opinion, phrases, around=around)
    return settled(asks, proposed, candidates, playbook.thresholds.answer_score, phrases)
