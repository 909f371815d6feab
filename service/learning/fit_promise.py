"""What may be routed without an advisor: thresholds chosen on messages that the voters had not seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from service.domain.playbook import Playbook
from service.learning.confidence import with_confidence
from service.learning.fit_weighed import Array, Rows, Weighed
from service.learning.guard import Guard, choose_guard
from service.learning.promise import Threshold, choose_threshold, fewest_for, least_for_all


@dataclass(frozen=True, slots=True)
class Promises:
    """`routed` [example]: sure and familiar enough to be routed, whatever the guards say."""

    threshold: Threshold
    routed: Rows
    guards: tuple[Guard, ...]


def fit_promises(found: Weighed, playbook: Playbook) -> Promises:
    """The guards first, as if all were routed that ever may be: they hold at any threshold then, and the threshold is
    told by what they leave."""
    if not len(found.confidence):
        unproven = Threshold(playbook.thresholds.routing, promised=False)
        return Promises(unproven, found.familiar, careful_guards(playbook))
    likely = np.array([with_confidence(*row) for row in zip(found.fused, found.confidence, strict=True)])
    guards = _guards(found, likely, playbook)
    free = found.familiar & ~_held(likely, guards, playbook)
    threshold = _threshold(found, free, playbook)
    return Promises(threshold, found.familiar & (found.confidence >= threshold.value), guards)


def _guards(found: Weighed, likely: Array, playbook: Playbook) -> tuple[Guard, ...]:
    """One for each queue that must not be missed, told by all unread messages: a rare kind of bereavement must not be
    missed either."""
    wanted, unread = playbook.thresholds, found.material.unread
    routed = (found.familiar & (found.confidence >= wanted.routing))[unread]
    sure, best, labels = likely[unread], found.fused[unread].argmax(axis=1), found.material.labels[unread]
    return tuple(
        choose_guard(queue.id, sure[:, at], labels == at, routed & (best != at), wanted.missed, wanted.certainty)
        for at, queue in enumerate(playbook.queues)
        if queue.must_not_miss
    )


def _held(likely: Array, guards: Sequence[Guard], playbook: Playbook) -> Rows:
    """Which messages are too likely to be of a queue that must not be missed to go elsewhere."""
    held = np.zeros(len(likely), dtype=bool)
    for guard in guards:
        at = playbook.queue_ids.index(guard.queue)
        held |= (likely.argmax(axis=1) != at) & (likely[:, at] >= guard.ceiling)
    return held


def _threshold(found: Weighed, free: Rows, playbook: Playbook) -> Threshold:
    """Promised of ordinary messages, and kept of all unread ones on average: the stricter of both. Messages that are
    not `free` are never routed."""
    wanted, unread, ordinary = playbook.thresholds, found.material.unread, found.material.ordinary
    right = found.fused.argmax(axis=1) == found.material.labels
    sure = np.where(free, found.confidence, 0.0)
    least = least_for_all(sure[unread], right[unread], wanted.accepted_error, wanted.routing)
    return choose_threshold(sure[ordinary], right[ordinary], wanted.accepted_error, wanted.certainty, least)


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
