"""Puts everything concluded about a message into the one object that is stored, shown and scored."""

from dataclasses import dataclass
from datetime import datetime

from service.domain.ask import Ask
from service.domain.attachment import AttachmentRead
from service.domain.candidates import Candidates
from service.domain.cleaned import Cleaned
from service.domain.decision import Decision
from service.domain.draft import Draft, NoDraft
from service.domain.message import Message
from service.domain.moment import after
from service.domain.redacted import Vault
from service.domain.triage import RoutedQueue, Triage
from service.domain.votes import Evidence, Vote
from service.pipeline.knowledge import Knowledge
from service.pipeline.stopwatch import Stopwatch
from service.pipeline.votes.model import ModelOpinion


@dataclass(frozen=True, slots=True)
class Concluded:
    """What the steps gave, one after the other."""

    message: Message
    cleaned: Cleaned
    candidates: Candidates
    votes: tuple[Vote, ...]
    decision: Decision
    opinion: ModelOpinion
    proposed: Draft | NoDraft
    vault: Vault
    traces: tuple[str, ...]
    asks: tuple[Ask, ...] = ()
    attached: tuple[AttachmentRead, ...] = ()


def conclude(done: Concluded, knowledge: Knowledge, triage_id: str, now: datetime, timed: Stopwatch) -> Triage:
    decision, playbook = done.decision, knowledge.playbook
    fallbacks = (*done.candidates.degraded, *((done.opinion.failure,) if done.opinion.failure else ()))
    why_none = done.proposed.reason if isinstance(done.proposed, NoDraft) else None
    return Triage(
        id=triage_id,
        external_id=done.message.external_id,
        account=playbook.account,
        created_at=now,
        playbook_version=playbook.version,
        engine=knowledge.engine,
        degraded=bool(fallbacks),
        duration_ms=round(timed.total_ms, 3),
        outcome=decision.outcome,
        outcome_reason=decision.outcome_reason,
        queue=_queue(decision.queue, knowledge),
        confidence=decision.confidence,
        alternatives=decision.alternatives,
        secondary=decision.secondary,
        flags=decision.flags,
        language=done.cleaned.language,
        evidence=tuple(_as_received(piece, done) for piece in decision.evidence),
        reason=done.vault.restore(decision.reason),
        draft=done.proposed if isinstance(done.proposed, Draft) else None,
        no_draft_reason=why_none,
        usage=done.opinion.usage,
        votes=done.votes,
        notes=(*done.cleaned.notes, *fallbacks),
        steps_ms={step: round(passed, 3) for step, passed in timed.steps_ms.items()},
        versions=knowledge.versions,
        message_hash=done.message.fingerprint,
        answers_ranked=tuple(one.answer.id for one in done.candidates.answers),
        traces=done.traces,
        attachments=done.attached,
        local=decision.local,
        asks=done.asks,
        joins_until=after(done.message.received_at, playbook.bursts.hours) if playbook.bursts.hours else None,
    )


def _queue(queue_id: str | None, knowledge: Knowledge) -> RoutedQueue | None:
    if queue_id is None:
        return None
    queue = knowledge.playbook.queue(queue_id)
    return RoutedQueue(id=queue.id, label=queue.label, level=queue.level, sla_hours=queue.sla_hours)


def _as_received(piece: Evidence, done: Concluded) -> Evidence:
    """With the customer's own words where the evidence stands in his message."""
    if piece.kind == "example":
        return piece
    if piece.start is None or piece.end is None or done.message.body_format == "mime":
        return piece.model_copy(update={"text": done.vault.restore(piece.text)})
    return piece.model_copy(update={"text": done.message.body[piece.start : piece.end]})
