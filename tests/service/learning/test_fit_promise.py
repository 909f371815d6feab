from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from service.domain.playbook import Playbook, Thresholds
from service.learning.confidence import with_confidence
from service.learning.fit_promise import fit_promises
from service.learning.fit_weighed import Weighed, weigh
from service.learning.promise import choose_threshold, error_bound
from tests.service.learning.small import answers, examples, playbook, silent

Rows = NDArray[np.bool_]
QUEUES = 3
VOL = 1
MISSED = 0.2


@pytest.fixture(scope="module")
def small() -> Weighed:
    return weigh(examples(), playbook(), answers(), silent)


def found(small: Weighed, confidence: NDArray[np.float64], right: Rows, ordinary: Rows) -> Weighed:
    """Messages of the queue that is guessed where `right`, else of the next one; the second best is `adresse`."""
    best = np.where(np.arange(len(right)) % 2, VOL, 0)
    fused = np.full((len(right), QUEUES), 1e-4)
    fused[:, 2] = 1e-3
    fused[np.arange(len(right)), best] = 0.9
    material = replace(
        small.material,
        labels=np.where(right, best, 2),
        unread=np.ones(len(right), dtype=bool),
        ordinary=ordinary,
    )
    return replace(
        small, material=material, fused=fused, confidence=confidence, familiar=np.ones(len(right), dtype=bool)
    )


def mail() -> tuple[NDArray[np.float64], Rows, Rows]:
    """Six hundred ordinary messages that are nearly always right, and two hundred rare ones of which the less sure
    are often wrong."""
    confidence = np.concatenate([np.linspace(0.999, 0.8, 600), np.linspace(0.999, 0.8, 200)])
    right = np.ones(800, dtype=bool)
    right[[200, 450]] = False
    right[np.flatnonzero((confidence < 0.9) & (np.arange(800) >= 600))[::2]] = False
    return confidence, right, np.arange(800) < 600


def test_what_is_rare_and_often_wrong_raises_the_threshold_until_all_mail_keeps_what_is_promised(
    small: Weighed,
) -> None:
    confidence, right, ordinary = mail()
    alone = choose_threshold(confidence[ordinary], right[ordinary], 0.03, 0.9, 0.8)
    threshold = fit_promises(found(small, confidence, right, ordinary), playbook()).threshold
    routed, before = confidence >= threshold.value, confidence >= alone.value
    assert (~right[before]).mean() > 0.03
    assert (~right[routed]).mean() <= 0.03
    assert threshold.value > alone.value
    assert threshold.promised
    assert threshold.routed == round(float(routed[ordinary].mean()), 4)


def test_where_all_mail_is_ordinary_the_bound_is_all_that_counts(small: Weighed) -> None:
    confidence, right, ordinary = mail()
    some = confidence[ordinary], right[ordinary]
    told = found(small, *some, np.ones(600, dtype=bool))
    assert fit_promises(told, playbook()).threshold == choose_threshold(*some, 0.03, 0.9, 0.8)


def test_what_is_held_back_for_a_queue_that_must_not_be_missed_does_not_count_as_routed_wrongly(
    small: Weighed,
) -> None:
    """All that goes wrong is a theft that looks like one."""
    confidence, right, ordinary = mail()
    told = found(small, confidence, right, ordinary)
    best = np.zeros(len(right), dtype=np.int64)
    fused = np.full((len(right), QUEUES), 1e-4)
    fused[:, 0], fused[~right, VOL] = 0.9, 0.09
    told = replace(told, fused=fused, material=replace(told.material, labels=np.where(right, best, VOL)))
    watched = watching("vol")
    assert fit_promises(told, watched).threshold.value < fit_promises(told, playbook()).threshold.value


def test_a_guard_holds_at_any_threshold_that_the_account_may_come_to(small: Weighed) -> None:
    """It is told by all that may ever be routed, also by what the threshold keeps back today."""
    confidence = np.linspace(0.999, 0.8, 800)
    right = (confidence > 0.85) | (np.arange(800) % 2 == 0)
    told = found(small, confidence, right, np.ones(800, dtype=bool))
    fused = np.full((len(right), QUEUES), 1e-4)
    fused[:, 0], fused[~right, VOL] = 0.9, 0.02
    told = replace(told, fused=fused, material=replace(told.material, labels=np.where(right, 0, VOL)))
    promises = fit_promises(told, watching("vol"))
    likely = np.array([with_confidence(*row)[VOL] for row in zip(fused, confidence, strict=True)])
    missed = ~right & (likely < promises.guards[0].ceiling)
    assert promises.guards[0].support == "certain"
    assert error_bound(int(missed.sum()), int((~right).sum()), 0.9) <= MISSED


def watching(queue: str) -> Playbook:
    ours = playbook()
    queues = tuple(one.model_copy(update={"must_not_miss": one.id == queue}) for one in ours.queues)
    return ours.model_copy(update={"queues": queues, "thresholds": Thresholds(missed=MISSED)})
