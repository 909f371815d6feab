"""What may be routed without an advisor: thresholds chosen on messages that the voters had not seen."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from service.domain.playbook import Playbook
from service.learning.confidence import with_confidence
from service.learning.guard import Guard, choose_guard
from service.learning.material import Material
from service.learning.promise import Threshold, choose_threshold, fewest_for

Array = NDArray[np.float64]


def fit_threshold(material: Material, fused: Array, confidence: Array, playbook: Playbook) -> Threshold:
    """Told by ordinary messages alone."""
    wanted = playbook.thresholds
    if not len(material.labels):
        return Threshold(wanted.routing, promised=False)
    right = (fused.argmax(axis=1) == material.labels)[material.ordinary]
    sure = confidence[material.ordinary]
    return choose_threshold(sure, right, wanted.accepted_error, wanted.certainty, wanted.routing)


def fit_guards(
    material: Material, fused: Array, confidence: Array, playbook: Playbook, threshold: float
) -> tuple[Guard, ...]:
    """One for each queue that must not be missed, told by all unread messages: a rare kind of bereavement must not be
    missed either. `threshold`: the confidence that a message needs to be routed at all."""
    wanted, unread = playbook.thresholds, material.unread
    if not len(material.labels):
        return careful_guards(playbook)
    sure = np.array([with_confidence(*row) for row in zip(fused[unread], confidence[unread], strict=True)])
    best, labels = fused[unread].argmax(axis=1), material.labels[unread]
    routed = confidence[unread] >= threshold
    return tuple(
        choose_guard(queue.id, sure[:, at], labels == at, routed & (best != at), wanted.missed, wanted.certainty)
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
