"""One message's way. The order of the steps is written here, once."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from retrieval.passages import Vector
from service.domain.attachment import AttachmentRead
from service.domain.candidates import Candidates
from service.domain.cleaned import Cleaned
from service.domain.decision import Decision
from service.domain.draft import Draft
from service.domain.history import Earlier
from service.domain.message import Message
from service.domain.redacted import Redacted
from service.domain.triage import Triage, Usage
from service.domain.votes import Vote
from service.learning.speaker import speaker_of
from service.pipeline.attach import attach
from service.pipeline.check import check
from service.pipeline.clean import opened
from service.pipeline.clean.enclosed import enclosed
from service.pipeline.clean.files import carries_files
from service.pipeline.conclude import Concluded, conclude
from service.pipeline.decide import decide
from service.pipeline.draft import grounds
from service.pipeline.knowledge import Knowledge
from service.pipeline.rank import rank
from service.pipeline.recall import recall, search_text
from service.pipeline.redact import redact
from service.pipeline.reply import Read, reply
from service.pipeline.stopwatch import Stopwatch
from service.pipeline.traces import traces
from service.pipeline.votes import classifier, history, keywords, neighbours
from service.pipeline.votes.history import in_thread
from service.pipeline.votes.model import ModelOpinion, ask
from service.playbooks.matcher import Hit

UNASKED = ModelOpinion(None, None, Usage())
LARGE = 50_000
"""Bodies from this many characters on are read in a thread: they take tens of milliseconds."""


async def triage(message: Message, knowledge: Knowledge, triage_id: str, now: datetime) -> Triage:
    """Message -> clean -> redact -> recall -> votes -> decide -> draft -> check -> Triage."""
    playbook, phrases, timed = knowledge.playbook, knowledge.phrases, Stopwatch()
    received, message = message, opened(message)
    cleaned, attached = await _cleaned(message, knowledge, timed)
    with timed("redact"):
        redacted, vault = redact(cleaned, message, playbook)
        known = traces(vault, playbook)
    with timed("recall"):
        candidates = await recall(redacted, playbook.account, knowledge.search, message.external_id)
    with timed("history"):
        earlier = await _earlier(message, known, knowledge, triage_id)
    with timed("votes"):
        hits = keywords.keyword_hits(redacted, knowledge.matcher)
        votes, margins = _local_votes(redacted, hits, candidates, knowledge)
        if earlier:
            votes = (*votes, *knowledge.heard(history.vote(earlier, votes, message, playbook, phrases)))
    with timed("decide"):
        decision = decide(votes, playbook, knowledge.learned, phrases, language=redacted.language)
    with timed("recall"):
        speaker = speaker_of(redacted, message.metadata)
        candidates = rank(candidates, decision, margins, speaker, playbook, knowledge.learned, now)
    with timed("model"):
        opinion = await _opinion(redacted, candidates, votes, hits, decision, knowledge)
    if opinion.vote is not None:
        with timed("decide"):
            votes = (*votes, opinion.vote)
            trust = knowledge.trust_in(opinion.usage.model)
            decision = decide(votes, playbook, knowledge.learned, phrases, trust, redacted.language)
            cited = [one.answer.id for one in candidates.answers]
            candidates = rank(candidates, decision, margins, speaker, playbook, knowledge.learned, now, cited)
    with timed("draft"):
        read = Read(received, message, redacted, vault, earlier)
        asks, proposed = reply(read, decision, votes, candidates, opinion.answer, knowledge, now)
    if isinstance(proposed, Draft):
        with timed("check"):
            offered = grounds(proposed, candidates, decision, playbook)
            proposed = check(proposed, offered, cleaned, message, playbook, phrases)
    done = Concluded(received, cleaned, candidates, votes, decision, opinion, proposed, vault, known, asks, attached)
    return conclude(done, knowledge, triage_id, now, timed)


async def _cleaned(
    message: Message, knowledge: Knowledge, timed: Stopwatch
) -> tuple[Cleaned, tuple[AttachmentRead, ...]]:
    """With the text of its files behind it."""
    with timed("clean"):
        large = len(message.body) > LARGE
        cleaned = await asyncio.to_thread(knowledge.clean, message) if large else knowledge.clean(message)
    if not carries_files(message, cleaned.notes):
        return cleaned, ()
    if knowledge.files is None:
        return enclosed(cleaned, ()), ()
    with timed("attachments"):
        return await attach(message, cleaned, knowledge.files, knowledge.phrases)


async def _earlier(message: Message, known: tuple[str, ...], knowledge: Knowledge, triage_id: str) -> Sequence[Earlier]:
    """What waits for an answer: in the store, or else in the message's own thread."""
    sender, before = message.sender.address.strip().lower(), in_thread(message)
    if knowledge.history is None or not (sender or known):
        return before
    account = knowledge.playbook.account
    stored = await knowledge.history.unanswered(account, sender, known, message.received_at, triage_id)
    return stored if len(stored) >= len(before) else before


def _local_votes(
    redacted: Redacted, hits: tuple[Hit, ...], candidates: Candidates, knowledge: Knowledge
) -> tuple[tuple[Vote, ...], Mapping[str, float]]:
    """One a voter, cheapest first; and how much the message's words speak for each canned answer."""
    learned = knowledge.learned
    margins: Mapping[str, float] = {}
    votes = [keywords.vote_of(hits, redacted)]
    if learned is not None:
        heard, margins = classifier.hear(redacted, learned, _vector(redacted, knowledge))
        votes.append(heard)
    return knowledge.heard(*votes, neighbours.vote(candidates)), margins


def _vector(redacted: Redacted, knowledge: Knowledge) -> Vector | None:
    return knowledge.vector_of(search_text(redacted)) if knowledge.vector_of else None


async def _opinion(
    redacted: Redacted,
    candidates: Candidates,
    votes: tuple[Vote, ...],
    hits: tuple[Hit, ...],
    decision: Decision,
    knowledge: Knowledge,
) -> ModelOpinion:
    """The model's, where the engine asks for it: of the queue and the draft, or of the draft alone."""
    asking = knowledge.asking
    if asking is None or knowledge.engine == "local" or decision.outcome_reason == "empty":
        return UNASKED
    settled = decision.queue if knowledge.engine == "cascade" else None
    if settled is not None and knowledge.playbook.queue(settled).out_of_scope:
        return UNASKED
    return await ask(
        asking.model,
        knowledge.playbook,
        redacted,
        candidates,
        votes,
        hits,
        asking.deadline_s,
        settled,
        prompter=asking.prompter,
    )
