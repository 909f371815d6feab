"""What is offered to keep a customer who leaves: after the answer to what he asked, and never its condition."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from service.domain.candidates import Candidates, ScoredAnswer
from service.domain.draft import Finding, Paragraph
from service.domain.playbook import Playbook
from service.domain.situation import Situation
from service.phrases import Phrases
from service.pipeline.draft.commercial import commercial, holds
from service.pipeline.draft.opening import is_closing, is_greeting

AMONG = 2
"""An offer is made where its canned answer is among the first so many of the queue: its situation is the customer's."""


def offers_of(applying: Sequence[Situation]) -> frozenset[str]:
    return frozenset(offer for one in applying for offer in one.offers)


def without_offers(candidates: Candidates, offers: Collection[str]) -> Candidates:
    """What may answer the customer's ask."""
    others = tuple(one for one in candidates.answers if one.answer.id not in offers)
    return replace(candidates, answers=others)


def before(script: ScoredAnswer, answering: Candidates) -> ScoredAnswer:
    """What stands before an offer that alone comes near: the best answer of its queue and language, however doubtful;
    the script itself where the queue has no other."""
    ours = (script.answer.queue, script.answer.language)
    others = [one for one in answering.answers if (one.answer.queue, one.answer.language) == ours]
    return max(others, key=lambda one: one.score, default=script)


def offer_for(
    main: ScoredAnswer, candidates: Candidates, offers: Collection[str], applying: Sequence[Situation], least: float
) -> ScoredAnswer | None:
    """The offer that fits this customer; none where a situation forbids commercial sentences."""
    if main.answer.id in offers or any(one.plain for one in applying):
        return None
    near = [one for one in candidates.answers if one.answer.queue == main.answer.queue and one.score >= least]
    first = sorted(near, key=lambda one: -one.score)[:AMONG]
    fitting = (one for one in first if one.answer.id in offers and one.answer.language == main.answer.language)
    return next(fitting, None)


def offering(blocks: Sequence[str], playbook: Playbook) -> Sequence[str]:
    """The script from its first commercial block on: what comes before repeats the answer to the ask."""
    words = commercial(playbook)
    first = next((at for at, block in enumerate(blocks) if holds(block, words)), 0)
    return blocks[first:]


def misplaced(
    parts: Sequence[Paragraph], offers: frozenset[str], playbook: Playbook, phrases: Phrases, gap: int
) -> Iterator[Finding]:
    """An offer that is read before the answer to what was asked, or without one."""
    at, words = 0, commercial(playbook)
    for part in parts:
        offering = holds(part.text, words) and not offers.isdisjoint(part.sources)
        if offering:
            end, detail = at + len(part.text), phrases("drafts.offer_first")
            yield Finding(kind="offer_first", text=part.text, start=at, end=end, severity="warning", detail=detail)
            return
        if _answers(part, offers):
            return
        at += len(part.text) + gap


def _answers(part: Paragraph, offers: Collection[str]) -> bool:
    cited = set(part.sources) - {"message", "account"} - set(offers)
    return bool(cited) and not is_greeting(part.text) and not is_closing(part.text)
