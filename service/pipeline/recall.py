"""Recall: the confirmed messages and canned answers nearest to a message."""

from dataclasses import replace

from service.domain.candidates import Candidates
from service.domain.decision import Decision
from service.domain.redacted import Redacted, RedactedText, together
from service.ports import Search

NEIGHBOURS = 20
ANSWERS = 10


def search_text(redacted: Redacted) -> RedactedText:
    """What is searched for: the subject and the customer's own words. Confirmed messages are kept likewise."""
    return together(redacted.subject, redacted.own)


async def recall(redacted: Redacted, account: str, search: Search, without: str | None = None) -> Candidates:
    """What is near, whatever its queue. `without`: the external id of the message at hand."""
    text = search_text(redacted)
    neighbours = await search.neighbours(account, text, NEIGHBOURS, without)
    answers = await search.answers(account, text, limit=ANSWERS, without=without)
    return Candidates(tuple(answers), tuple(neighbours), search.degraded)


async def recall_for_queues(
    candidates: Candidates,
    decision: Decision,
    redacted: Redacted,
    account: str,
    search: Search,
    without: str | None = None,
) -> Candidates:
    """The same candidates with answers chosen knowing the queues that the message may belong to.

    An answer of a secondary queue scores as if that queue were the message's.
    """
    queues = {alternative.queue: alternative.probability for alternative in decision.alternatives}
    if not queues:
        return candidates
    text = search_text(redacted)
    best = {
        one.answer.id: one for one in await search.answers(account, text, limit=ANSWERS, without=without, queues=queues)
    }
    for queue in decision.secondary:
        for one in await search.answers(account, text, queue=queue, limit=ANSWERS, without=without):
            if one.answer.queue == queue and one.score > getattr(best.get(one.answer.id), "score", 0.0):
                best[one.answer.id] = one
    answers = sorted(best.values(), key=lambda one: (-one.score, one.answer.id))[:ANSWERS]
    return replace(candidates, answers=tuple(answers), degraded=search.degraded)
