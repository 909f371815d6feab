"""Confirmed messages decided again under a playbook, by voters that had not learned from them.

The classifier is fitted across folds, the weights and the confidence across folds of what it said out of fold: the
figures are those from which a refit under that playbook would choose its thresholds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.domain.answers import CannedAnswer
from service.domain.playbook import Playbook
from service.learning.confidence import with_confidence
from service.learning.examples import Example, Vectors
from service.learning.fit_promise import Promises, fit_promises
from service.learning.fit_weighed import Step, Weighed, weigh
from service.learning.material import KeywordVoter


@dataclass(frozen=True, slots=True)
class Replayed:
    """The queue guessed, how sure (0..1), and whether it would have been routed: sure and familiar enough, and of
    no queue that must not be missed too likely."""

    external_id: str
    queue: str
    guess: str
    confidence: float
    routed: bool


def replay(
    examples: Sequence[Example],
    playbook: Playbook,
    answers: Sequence[CannedAnswer],
    keywords: KeywordVoter,
    vectors: Vectors | None,
    queue_vectors: Vectors | None,
    step: Step,
) -> list[Replayed]:
    """In order of external id. Queues that the playbook lacks are left out by the caller."""
    if not examples:
        return []
    order = sorted(range(len(examples)), key=lambda at: examples[at].external_id)
    given = [examples[at] for at in order]
    rows = None if vectors is None else vectors[order]
    found = weigh(given, playbook, answers, keywords, rows, queue_vectors, step)
    promises = fit_promises(found, playbook)
    return list(_decided(found, playbook.queue_ids, promises))


def _decided(found: Weighed, queues: Sequence[str], promises: Promises) -> Iterator[Replayed]:
    place = {queue: at for at, queue in enumerate(queues)}
    for row, example in enumerate(found.material.examples):
        best, confidence = int(found.fused[row].argmax()), float(found.confidence[row])
        likely = with_confidence(found.fused[row], confidence)
        held = any(place[one.queue] != best and likely[place[one.queue]] >= one.ceiling for one in promises.guards)
        kept = bool(promises.routed[row]) and not held
        yield Replayed(example.external_id, example.queue, queues[best], round(confidence, 4), kept)
