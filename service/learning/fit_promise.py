"""What may be routed without an advisor: thresholds chosen on messages that the voters had not seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from service.domain.playbook import Playbook
from service.learning.confidence import with_confidence
from service.learning.fit_weighed import Rows, Weighed
from service.learning.guard import Guard, choose_guard
from service.learning.promise import Threshold, choose_threshold, fewest_for


@dataclass(frozen=True, slots=True)
class Promises:
    """`routed` [example]: sure and familiar enough to be routed, whatever the guards say."""

    threshold: Threshold
    routed: Rows
    guards: tuple[Guard, ...]


def fit_promises(found: Weighed, playbook: Playbook) -> Promises:
    threshold = _threshold(found, playbook)
    routed = found.familiar & (found.confidence >= threshold.value)
    return Promises(threshold, routed, _guards(found, routed, playbook))


def _threshold(found: Weighed, playbook: Playbook) -> Threshold:
    """Told by ordinary messages alone, as far as they are familiar: no other is routed."""
    wanted, ordinary = playbook.thresholds, found.material.ordinary
    if not len(ordinary):
        return Threshold(wanted.routing, promised=False)
    right = (found.fused.argmax(axis=1) == found.material.labels)[ordinary]
    sure = np.where(found.familiar, found.confidence, 0.0)[ordinary]
    return choose_threshold(sure, right, wanted.accepted_error, wanted.certainty, wanted.routing)


def _guards(found: Weighed, routed: Rows, playbook: Playbook) -> tuple[Guard, ...]:
    """One for each queue that must not be missed, told by all unread messages: a rare kind of bereavement must not be
    missed either."""
    wanted, unread = playbook.thresholds, found.material.unread
    if not len(unread):
        return careful_guards(playbook)
    fused = found.fused[unread]
    sure = np.array([with_confidence(*row) for row in zip(fused, found.confidence[unread], strict=True)])
    best, labels = fused.argmax(axis=1), found.material.labels[unread]
    return tuple(
        choose_guard(
            queue.id, sure[:, at], labels == at, routed[unread] & (best != at), wanted.missed, wanted.certainty
        )
        for at, queue in enumerate(playbook.queues)
        if queue.must_not_miss
    )


def careful_guards(playbook: Playbook, known: Sequence[Guard] = ()) -> tuple[Guard, ...]:
    """Where no mail tells: each of the playbook's queues that must not be missed may be as likely as the share that is
    accepted, or as its guard among those `known` says, if that is less."""
    wanted = playbook.thresholds
    lacking = fewest_for(0, wanted.missed, wanted.certainty)
    ceilings = {guard.queue: guard.ceiling for guard in known}
    return tuple(
        Guard(queue.id, min(wanted.missed, ceilings.get(queue.id, 1.0)), lacking=lacking)
        for queue in playbook.queues
        if queue.must_not_miss
    )
