"""Redraft: another draft for a message whose queue is settled, with what a person wished and wrote himself."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.domain.candidates import Candidates
from service.domain.cleaned import Cleaned
from service.domain.decision import Decision
from service.domain.draft import Draft, NoDraft
from service.domain.history import Earlier
from service.domain.message import Message
from service.domain.redacted import Redacted, Vault
from service.domain.triage import Usage
from service.learning.speaker import speaker_of
from service.pipeline.attach import attach
from service.pipeline.check import check
from service.pipeline.clean import opened
from service.pipeline.clean.files import carries_files
from service.pipeline.draft import grounds
from service.pipeline.knowledge import Asking, Knowledge
from service.pipeline.prompting.redrafting import Revision
from service.pipeline.rank import rank
from service.pipeline.recall import recall, search_text
from service.pipeline.redraft.revising import Revising
from service.pipeline.reply import Read, reply
from service.pipeline.traces import traces
from service.pipeline.votes import classifier
from service.pipeline.votes.history import in_thread
from service.pipeline.votes.model import ModelOpinion, ask


@dataclass(frozen=True, slots=True)
class Redrafted:
    """`by_model`: a model worded it; `usage` is what it cost, in vain or not."""

    proposed: Draft | NoDraft
    usage: Usage
    by_model: bool


async def redraft(message: Message, message_id: str, revising: Revising, knowledge: Knowledge) -> Redrafted:
    """Message -> clean -> redact -> recall -> rank -> draft -> check: as triage goes, but nobody votes on what a person
    has settled. Raises RefusedError for a wish that cannot be granted."""
    received, message = message, opened(message)
    playbook, decision = knowledge.playbook, revising.decision
    cleaned = await _cleaned(message, knowledge)
    redacted, vault, revision = revising.redact(cleaned, message, playbook)
    candidates = await recall(redacted, playbook.account, knowledge.search, message.external_id)
    earlier = await _earlier(message, message_id, vault, knowledge)
    margins = _margins(redacted, knowledge)
    speaker = speaker_of(redacted, message.metadata)
    candidates = rank(candidates, decision, margins, speaker, playbook, knowledge.learned, revising.now)
    opinion = await _opinion(redacted, candidates, decision, knowledge, revision)
    read = Read(received, message, redacted, vault, earlier)
    _, proposed = reply(read, decision, (), candidates, opinion.answer, knowledge, revising.now)
    by_model = opinion.answer is not None and bool(opinion.answer.paragraphs)
    proposed = revising.revised(proposed, redacted, knowledge, by_model)
    if isinstance(proposed, Draft):
        sources = {one.id: one for one in (*revising.cited, *grounds(proposed, candidates, decision, playbook))}
        proposed = check(proposed, [*sources.values()], cleaned, message, playbook, knowledge.phrases)
    return Redrafted(proposed, opinion.usage, by_model)


async def _cleaned(message: Message, knowledge: Knowledge) -> Cleaned:
    cleaned = await asyncio.to_thread(knowledge.clean, message)
    if knowledge.files is None or not carries_files(message):
        return cleaned
    return (await attach(message, cleaned, knowledge.files, knowledge.phrases))[0]


async def _earlier(message: Message, message_id: str, vault: Vault, knowledge: Knowledge) -> Sequence[Earlier]:
    """What waits for an answer besides: a chaser's draft may name its day."""
    sender, known = message.sender.address.strip().lower(), traces(vault, knowledge.playbook)
    before = in_thread(message)
    if knowledge.history is None or not (sender or known):
        return before
    account = knowledge.playbook.account
    stored = await knowledge.history.unanswered(account, sender, known, message.received_at, message_id)
    return stored if len(stored) >= len(before) else before


def _margins(redacted: Redacted, knowledge: Knowledge) -> Mapping[str, float]:
    """How much the message's words speak for each canned answer."""
    if knowledge.learned is None:
        return {}
    vector = knowledge.vector_of(search_text(redacted)) if knowledge.vector_of else None
    return classifier.hear(redacted, knowledge.learned, vector)[1]


async def _opinion(
    redacted: Redacted,
    candidates: Candidates,
    decision: Decision,
    knowledge: Knowledge,
    revision: Revision | None,
) -> ModelOpinion:
    asking: Asking | None = knowledge.asking
    if asking is None or revision is None:
        return ModelOpinion(None, None, Usage())
    return await ask(
        asking.model,
        knowledge.playbook,
        redacted,
        candidates,
        (),
        (),
        asking.deadline_s,
        decision.queue,
        prompter=asking.prompter,
        revision=revision,
    )
