"""Which canned answers a draft rests on."""

from collections.abc import Sequence

from service.domain.candidates import Candidates, ScoredAnswer
from service.domain.decision import Decision
from service.domain.playbook import Playbook
from service.pipeline.asks import Asks

MOST_SECOND_ASKS = 2
LIKELY = 0.5
"""Probability from which a guess is drafted for whatever retrieval says."""
UNLIKELY = 0.35
"""Score below which an answer is proposed only if none is likelier, and never one for what nobody handles. Of the
reference account's drafts below it that broke this 4 in 17 had a right answer, of the others 15 in 22."""

_OWN_WORDS = frozenset({"keyword", "quote"})
"""Kinds of evidence that stand in the message."""


def main_answer(decision: Decision, candidates: Candidates, playbook: Playbook, language: str) -> ScoredAnswer | None:
    """The best answer of the decided queue, one in the customer's language first; None where none is close.

    Where no queue was decided, or it is the queue for what nobody handles, queue and retrieval must agree: the answer
    must be the best of all candidates and belong to the best guess, or to what else is asked for. A guess that is
    likelier right than wrong is taken against retrieval; the draft then says what else may fit. That nobody handles it
    is never guessed: a question would be told that it came to the wrong address. Where grief is the best guess, what it
    is answered with comes first, and what else is asked for after it. An unlikely answer gives way to a likelier one of
    another queue, though that one is not proposed instead. A message like nothing known, of which no word speaks for
    the guess ("x"), has none.
    """
    queue = decision.queue or decision.guess
    if queue is None or (decision.strange and not any(one.kind in _OWN_WORDS for one in decision.evidence)):
        return None
    close = [one for one in candidates.answers if one.score >= playbook.thresholds.answer_score]
    grief = decision.queue is None and _is_grief(queue, playbook)
    asked = _asked(decision) if decision.queue is None and not grief else (queue,)
    ours = [one for one in close if one.answer.queue in asked and _may_say(one, decision, playbook)]
    if decision.queue is None or playbook.queue(queue).out_of_scope:
        besides = decision.secondary if grief else ()
        best = max((one for one in close if one.answer.queue not in besides), key=lambda one: one.score, default=None)
        agreed = [one for one in ours if best is not None and one.score >= best.score]
        ours = ours if not agreed and _is_likely(decision, playbook) else agreed
    chosen = _best(ours, language, playbook.language)
    return chosen if chosen is None or _is_tenable(chosen, close, decision, playbook) else None


def second_answers(
    decision: Decision, candidates: Candidates, playbook: Playbook, main: ScoredAnswer, asks: Asks
) -> Sequence[ScoredAnswer]:
    """For each clear ask in other words than the main answer's the best answer of its queue, in the language of the
    main one."""
    chosen: list[ScoredAnswer] = []
    ours = main.answer.queue
    others = [
        queue for queue in _asked(decision) if queue not in (decision.queue, ours) and asks.are_apart(queue, ours)
    ]
    for queue in others[:MOST_SECOND_ASKS]:
        close = [
            one
            for one in candidates.answers
            if one.answer.queue == queue
            and one.score >= playbook.thresholds.answer_score
            and one.answer.language == main.answer.language
        ]
        best = max(close, key=lambda one: one.score, default=None)
        if best is not None and best.answer.id != main.answer.id:
            chosen.append(best)
    return chosen


def _is_tenable(one: ScoredAnswer, close: Sequence[ScoredAnswer], decision: Decision, playbook: Playbook) -> bool:
    """Unless it is unlikely right, and an answer of a queue that is not asked for is likelier, or it says that nobody
    handles this."""
    if one.score >= UNLIKELY:
        return True
    asked = (one.answer.queue, *decision.secondary)
    likelier = any(other.score > one.score and other.answer.queue not in asked for other in close)
    return not likelier and not playbook.queue(one.answer.queue).out_of_scope


def _may_say(one: ScoredAnswer, decision: Decision, playbook: Playbook) -> bool:
    return decision.queue is not None or not playbook.queue(one.answer.queue).out_of_scope


def _is_likely(decision: Decision, playbook: Playbook) -> bool:
    """Of a guess, not of a decision; grief is not guessed at against what retrieval says."""
    if decision.queue is not None or not decision.alternatives:
        return False
    first = decision.alternatives[0]
    return first.probability >= LIKELY and not _is_grief(first.queue, playbook)


def _is_grief(queue: str, playbook: Playbook) -> bool:
    return any(one.plain and queue in one.queues for one in playbook.situations)


def _asked(decision: Decision) -> tuple[str, ...]:
    """The decided queue, or the best guess, and what else is asked for."""
    first = decision.queue or decision.guess
    return (*((first,) if first else ()), *decision.secondary)


def _best(answers: Sequence[ScoredAnswer], language: str, usual: str) -> ScoredAnswer | None:
    for wanted in (language, usual):
        inside = [one for one in answers if one.answer.language == wanted]
        if inside:
            return max(inside, key=lambda one: one.score)
    return max(answers, key=lambda one: one.score, default=None)
