from dataclasses import replace
from typing import Any

import pytest

from service.desk.learning.promises import promised, told
from service.learning.fit import fit
from service.learning.guard import Guard
from service.learning.learned import Learned
from service.learning.promise import Threshold
from tests.service.learning.small import answers, examples, playbook, silent


@pytest.fixture(scope="module")
def learned() -> Learned:
    return fit(examples(), playbook(), answers(), silent)


def metrics(learned: Learned, threshold: Threshold, *guards: Guard) -> dict[str, Any]:
    return promised(replace(learned, threshold=threshold, guards=guards), playbook())


def test_what_is_promised_is_told_with_its_certainty(learned: Learned) -> None:
    said = metrics(learned, Threshold(0.88, promised=True), Guard("vol", 0.12, "certain", messages=300))
    assert list(told(said)) == [
        "at most 3.0% wrong of the ordinary mail that is routed, in 90% of histories; "
        "of all mail on average, where enough is confirmed: from 0.88 on",
        "vol: at most 3.0% missed, in 90% of histories: an advisor reads what is vol with 12.00% or more",
    ]


def test_what_the_history_could_not_support_is_told_with_what_is_lacking(learned: Learned) -> None:
    said = metrics(learned, Threshold(0.95, promised=False), Guard("vol", 0.03, messages=30, lacking=46))
    error, missed = told(said)
    assert error.startswith("too little history to promise 3.0% wrong")
    assert "30 messages are too few to promise 3.0% missed, at least 46 more are needed" in missed


def test_a_promise_on_average_is_not_the_one_that_was_asked_for(learned: Learned) -> None:
    said = metrics(learned, Threshold(0.88, promised=True), Guard("vol", 0.1, "average", messages=60, lacking=16))
    assert "on average" in list(told(said))[1]


def test_a_version_of_before_promises_nothing() -> None:
    assert list(told({"promised": True, "threshold": 0.9})) == []


def test_guards_outlive_their_storage(learned: Learned) -> None:
    guarded = replace(learned, guards=(Guard("vol", 0.03, "none", 30, 46, 0.0, 0.01),))
    assert Learned.from_bytes(guarded.to_bytes()).guards == guarded.guards
