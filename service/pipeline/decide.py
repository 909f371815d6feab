"""From votes to a decision: routed, or abstained with the reason. Arithmetic only."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np

from service.domain.decision import Alternative, Decision, Local, OutcomeReason
from service.domain.playbook import Playbook
from service.domain.votes import Evidence, Vote
from service.learning.asides import secondary_numbers
from service.learning.learned import Learned
from service.learning.trust import UNTRIED, Trust
from service.phrases import Phrases
from service.pipeline.flags import flags_up
from service.pipeline.fusion import SURE, Fused, fuse
from service.pipeline.reasons import sentence
from service.pipeline.votes.classifier import EMPTY, UNFAMILIAR

LEAST = 0.005
"""Alternatives below it do not matter."""
NEAR = 0.25
"""Similarity from which a confirmed message is of the same kind: nine in ten of the reference account have one."""
MOST_SECONDARY = 2
EVIDENCE_OF_BEST, EVIDENCE_OF_SECOND = 3, 1
"""Pieces of evidence shown a voter, for the best queue and for the next."""


def decide(
    votes: Sequence[Vote],
    playbook: Playbook,
    learned: Learned | None,
    phrases: Phrases,
    trust: Trust = UNTRIED,
    language: str | None = None,
) -> Decision:
    """`learned` is None for an account that was never fitted; `trust` is what a model's votes have earned; `language`
    is the message's, None for the account's own. The same votes give the same decision."""
    by_voter: dict[str, Vote] = {vote.voter: vote for vote in votes}
    watched = [queue.id for queue in playbook.queues if queue.must_not_miss]
    fused = fuse(votes, playbook.queue_ids, learned, trust, watched)
    flags = flags_up(by_voter, playbook, learned, language)
    if fused is None:
        return _clueless(by_voter, flags, phrases)
    guarded = _guarded(fused, playbook, learned)
    alone = _alone(fused, by_voter, playbook, learned) if fused.stance else None
    outcome = _outcome(fused, by_voter, playbook, learned, guarded)
    if alone and outcome == "confident" and not _is_supported(fused, alone, playbook, trust):
        outcome = "unsure"
    alternatives = _alternatives(fused)
    asked = _asked(fused, by_voter, playbook, learned)
    evidence = (*_evidence(votes, [one.queue for one in alternatives[:2]]), *_before(by_voter, flags))
    return Decision(
        outcome="routed" if outcome == "confident" else "abstained",
        outcome_reason=outcome,
        queue=alternatives[0].queue if outcome == "confident" else None,
        confidence=alternatives[0].probability,
        alternatives=alternatives,
        secondary=_secondary(asked, by_voter, learned),
        asked=asked,
        flags=flags,
        evidence=evidence,
        reason=sentence(outcome, alternatives, evidence, playbook, phrases, fused.stance, guarded),
        local=alone,
    )


def _clueless(by_voter: Mapping[str, Vote], flags: tuple[str, ...], phrases: Phrases) -> Decision:
    nothing: OutcomeReason = "empty" if _says(by_voter, EMPTY) else "no_knowledge"
    return Decision(
        outcome="abstained",
        outcome_reason=nothing,
        queue=None,
        confidence=0.0,
        alternatives=(),
        flags=flags,
        reason=phrases(f"decisions.{nothing}"),
    )


def _alone(fused: Fused, by_voter: Mapping[str, Vote], playbook: Playbook, learned: Learned | None) -> Local:
    local = Fused(fused.queues, fused.local, fused.local, kinship=fused.kinship)
    others = {voter: vote for voter, vote in by_voter.items() if voter != "model"}
    return Local(
        queue=local.queues[local.best],
        confidence=round(min(1.0, float(local.local[local.best])), 6),
        outcome_reason=_outcome(local, others, playbook, learned, _guarded(local, playbook, learned)),
        standing=fused.standing,
    )


def _outcome(
    fused: Fused, by_voter: Mapping[str, Vote], playbook: Playbook, learned: Learned | None, guarded: Alternative | None
) -> OutcomeReason:
    if fused.stance == "apart":
        return "disagreement"
    sure = fused.probabilities[fused.best] >= _threshold(fused, playbook, learned)
    if sure and _is_grounded(fused, by_voter, playbook):
        return "must_not_miss" if guarded else "confident"
    if _is_unseen(fused, by_voter):
        return "out_of_scope"
    if sure and fused.kinship:
        return "unfamiliar"
    return "disagreement" if _contradict(by_voter) else "unsure"


def _is_grounded(fused: Fused, by_voter: Mapping[str, Vote], playbook: Playbook) -> bool:
    """Whether more than its probability speaks for the best queue: a model's word, or the likeness to what is known;
    where nobody can tell that, a keyword or a confirmed message that is near.

    A probability says which queue is likeliest among those known; of a message that is none of them it says nothing.
    """
    best = fused.queues[fused.best]
    if fused.stance:
        return True
    if fused.kinship:
        return fused.kinship == "known" or playbook.queue(best).out_of_scope
    if _scores(by_voter, "keywords").get(best, 0.0) > 0:
        return True
    return _nearest(by_voter) >= NEAR and by_voter["neighbours"].best == best


def _is_unseen(fused: Fused, by_voter: Mapping[str, Vote]) -> bool:
    """Whether the message is like nothing known."""
    if fused.kinship:
        return fused.kinship == "unseen"
    return not _scores(by_voter, "keywords") and (_says(by_voter, UNFAMILIAR) or 0 < _nearest(by_voter) < NEAR)


def _nearest(by_voter: Mapping[str, Vote]) -> float:
    """Similarity of the nearest confirmed message; 0 where none is known."""
    return max(by_voter["neighbours"].margins, default=0.0) if "neighbours" in by_voter else 0.0


def _threshold(fused: Fused, playbook: Playbook, learned: Learned | None) -> float:
    """What the local voters' history has proven; with a model's vote, or without history, the playbook's own."""
    if learned is None or fused.stance:
        return playbook.thresholds.routing
    return learned.threshold.value


def _is_supported(fused: Fused, alone: Local, playbook: Playbook, trust: Trust) -> bool:
    """Whether a message may be routed on a model's word: where enough such words were heard to tell, they must keep
    the account's promise. What the local voters would have routed there themselves needs no word."""
    if alone.outcome_reason == "confident" and alone.queue == fused.queues[fused.best]:
        return True
    wanted = playbook.thresholds
    return trust.supports(fused.standing, wanted.accepted_error, wanted.certainty)


def _guarded(fused: Fused, playbook: Playbook, learned: Learned | None) -> Alternative | None:
    """The likeliest queue that must not be missed, where it is too likely for the message to go elsewhere.

    Ceilings are learned from what local voters say; with a model's vote, or of a queue that is new, the share
    that the playbook accepts is the ceiling.
    """
    known = {} if learned is None or fused.stance else {guard.queue: guard.ceiling for guard in learned.guards}
    likely = [
        (float(fused.probabilities[at]), queue.id)
        for at, queue in enumerate(playbook.queues)
        if queue.must_not_miss
        and at != fused.best
        and fused.probabilities[at] >= known.get(queue.id, playbook.thresholds.missed)
    ]
    if not likely:
        return None
    probability, queue_id = max(likely)
    return Alternative(queue=queue_id, probability=round(probability, 6))


def _contradict(by_voter: Mapping[str, Vote]) -> bool:
    """Two voters are each rather sure of another queue."""
    sure = {vote.best for vote in by_voter.values() if vote.best and vote.scores[vote.best] >= SURE}
    return len(sure) > 1


def _alternatives(fused: Fused) -> tuple[Alternative, ...]:
    order = np.argsort(-fused.probabilities, kind="stable")
    return tuple(
        Alternative(queue=fused.queues[at], probability=round(min(1.0, float(fused.probabilities[at])), 6))
        for place, at in enumerate(order)
        if place == 0 or fused.probabilities[at] >= LEAST
    )


def _secondary(asked: Sequence[Alternative], by_voter: Mapping[str, Vote], learned: Learned | None) -> tuple[str, ...]:
    """Queues asked for as well, the likeliest first; a model's word for it counts as it stands."""
    named = by_voter["model"].secondary if "model" in by_voter else {}
    least = learned.secondary.threshold if learned else 1.0
    sure = (one.queue for one in asked if one.probability >= least or named.get(one.queue, 0.0) >= SURE)
    return tuple(islice(sure, MOST_SECONDARY))


def _asked(
    fused: Fused, by_voter: Mapping[str, Vote], playbook: Playbook, learned: Learned | None
) -> tuple[Alternative, ...]:
    """Queues that are or may be asked for as well, the likeliest first."""
    named = by_voter["model"].secondary if "model" in by_voter else {}
    likely = {queue: probability for queue, probability in named.items() if probability >= SURE}
    if learned is not None:
        keywords = _scores(by_voter, "keywords")
        by_text = by_voter["classifier"].secondary if "classifier" in by_voter else {}
        said = np.array([by_text.get(queue, 0.0) for queue in fused.queues])
        often = learned.besides(fused.queues, fused.local)
        numbers = secondary_numbers(said, fused.local, often, keywords, fused.queues)
        least = min(learned.secondary.threshold, playbook.thresholds.possible_ask)
        for queue, probability in zip(fused.queues, learned.secondary.of_each(numbers).tolist(), strict=True):
            if probability >= least:
                likely[queue] = max(likely.get(queue, 0.0), probability)
    likely.pop(fused.queues[fused.best], None)
    known = sorted((queue for queue in likely if queue in playbook.queue_ids), key=lambda q: (-likely[q], q))
    return tuple(Alternative(queue=queue, probability=min(1.0, likely[queue])) for queue in known)


def _evidence(votes: Sequence[Vote], queues: Sequence[str]) -> Iterator[Evidence]:
    """The first few of each voter for the best queue, then one for the next."""
    for queue, most in zip(queues, (EVIDENCE_OF_BEST, EVIDENCE_OF_SECOND), strict=False):
        for vote in votes:
            yield from [piece for piece in vote.evidence if piece.queue == queue][:most]


def _before(by_voter: Mapping[str, Vote], flags: Sequence[str]) -> Iterator[Evidence]:
    """What came before, where it speaks for a flag that is up."""
    if "history" in by_voter:
        yield from (piece for piece in by_voter["history"].evidence if piece.ref in flags)


def _says(by_voter: Mapping[str, Vote], reason: str) -> bool:
    return "classifier" in by_voter and by_voter["classifier"].reason == reason


def _scores(by_voter: Mapping[str, Vote], voter: str) -> Mapping[str, float]:
    return by_voter[voter].scores if voter in by_voter else {}
