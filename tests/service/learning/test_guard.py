import numpy as np

from service.domain.playbook import Playbook
from service.learning.fit_promise import careful_guards
from service.learning.guard import Array, Guard, Rows, choose_guard
from tests.service.learning.small import playbook

ACCEPTED, CERTAINTY = 0.05, 0.9


def mail(rng: np.random.Generator, count: int) -> tuple[Array, Rows, Rows]:
    """The queue's probability, whose message it is, and what would go elsewhere: wherever it is not the best."""
    likely = rng.beta(0.3, 2.0, size=count)
    return likely, rng.random(count) < likely, likely < 0.5


def guard(likely: Array, own: Rows, elsewhere: Rows) -> Guard:
    return choose_guard("deces", likely, own, elsewhere, ACCEPTED, CERTAINTY)


def test_a_promise_is_broken_on_new_messages_no_oftener_than_its_certainty_allows() -> None:
    rng = np.random.default_rng(0)
    likely, own, elsewhere = mail(rng, 200_000)
    broken = made = 0
    for _ in range(200):
        one = guard(*mail(rng, 800))
        if one.support == "certain":
            made += 1
            broken += float((elsewhere & (likely < one.ceiling))[own].mean()) > ACCEPTED
    assert made > 100
    assert broken / made <= 1 - CERTAINTY


def test_on_average_over_histories_no_more_is_missed_than_accepted() -> None:
    rng = np.random.default_rng(1)
    likely, own, elsewhere = mail(rng, 200_000)
    found = [one for one in (guard(*mail(rng, 200)) for _ in range(200)) if one.support == "average"]
    assert len(found) > 50
    assert np.mean([(elsewhere & (likely < one.ceiling))[own].mean() for one in found]) <= ACCEPTED


def test_few_messages_promise_nothing_and_the_ceiling_is_careful() -> None:
    likely, own = np.full(40, 0.02), np.arange(40) < 10
    one = guard(likely, own, np.zeros(40, dtype=bool))
    assert one.support == "none"
    assert one.ceiling <= ACCEPTED
    assert one.lacking == 45 - 10


def test_no_message_that_was_seen_is_missed_where_nothing_can_be_promised() -> None:
    rng = np.random.default_rng(2)
    likely, own, elsewhere = mail(rng, 60)
    assert guard(likely, own, elsewhere).missed == 0.0


def test_a_queue_without_a_message_has_a_careful_guard() -> None:
    one = guard(np.zeros(0), np.zeros(0, dtype=bool), np.zeros(0, dtype=bool))
    assert (one.support, one.messages, one.lacking) == ("none", 0, 45)
    assert 0 < one.ceiling <= ACCEPTED


def test_without_history_the_accepted_share_is_the_ceiling_of_each_queue_that_must_not_be_missed() -> None:
    first, *others = playbook().queues
    guarded: Playbook = playbook().model_copy(
        update={"queues": (first.model_copy(update={"must_not_miss": True}), *others)}
    )
    (one,) = careful_guards(guarded)
    assert (one.queue, one.ceiling, one.support) == (first.id, guarded.thresholds.missed, "none")
    (known,) = careful_guards(guarded, [Guard(first.id, 0.01, "certain", messages=500)])
    assert (known.ceiling, known.support, known.messages) == (0.01, "none", 0)
