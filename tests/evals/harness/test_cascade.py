from typing import Any

import pytest

from evals.harness.cascade import cascade_curve
from evals.harness.promises import missed_of
from service.domain.decision import Local, OutcomeReason
from service.domain.triage import Usage
from tests.evals.harness.made import made
from tests.service.learning.small import playbook


def heard(right: str, local: str, sure: float, reason: OutcomeReason, model: str = "", **given: Any) -> Any:
    """A message about which the model says what is right, unless told otherwise; 100 tokens, a tenth of a cent."""
    alone = Local(queue=local, confidence=sure, outcome_reason=reason, standing="among")
    usage = Usage(model="m", calls=1, prompt_tokens=90, completion_tokens=10, cost_usd=0.001)
    return made(right, model or right, local=alone, engine="model", **{"usage": usage, **given})


MAIL = [
    heard("a", "a", 0.99, "confident"),
    heard("a", "a", 0.95, "confident", model="b"),
    heard("a", "b", 0.9, "confident"),
    heard("a", "b", 0.6, "unsure"),
    heard("b", "a", 0.97, "must_not_miss"),
]


def test_accuracy_and_price_by_the_share_of_messages_that_ask_the_model() -> None:
    *curve, in_force = cascade_curve(MAIL)
    assert [point.share_asked for point in curve] == [1.0, 0.8, 0.6, 0.4, 0.2]
    assert [point.accuracy for point in curve] == [0.8, 0.8, 1.0, 0.8, 0.6]
    assert [point.tokens for point in curve] == [500, 400, 300, 200, 100]
    assert (in_force.in_force, in_force.share_asked, in_force.accuracy) == (True, 0.4, 0.8)
    assert in_force.cost_usd == pytest.approx(0.002)


def test_what_must_not_be_missed_asks_the_model_whatever_the_threshold() -> None:
    assert min(point.share_asked for point in cascade_curve(MAIL)) == 0.2


def test_without_a_price_there_is_no_cost_and_an_outage_saves_nothing() -> None:
    lost = made("a", "a", engine="model")
    *_, last = cascade_curve([*MAIL, lost, heard("a", "b", 0.3, "unsure", usage=Usage(model="m", cost_usd=None))])
    assert last.cost_usd is None
    assert last.share_asked == pytest.approx(4 / 7)


@pytest.mark.parametrize("engine", ["local", "cascade"])
def test_only_a_run_that_asked_about_every_message_tells(engine: str) -> None:
    assert cascade_curve([made("a", "a")]) == []
    assert cascade_curve([*MAIL, made("a", "a", engine=engine)]) == []


def test_messages_that_were_routed_past_a_queue_that_must_not_be_missed_are_counted() -> None:
    first, theft, third = playbook().queues
    guarded = playbook().model_copy(update={"queues": (first, theft.model_copy(update={"must_not_miss": True}), third)})
    said = [made("vol", "depart"), made("vol", "depart", routed=False), made("vol", "vol"), made("depart", "adresse")]
    (missed,) = missed_of(said, guarded).values()
    assert (missed.n, missed.missed) == (3, 1)
    assert missed.share == pytest.approx(1 / 3)
