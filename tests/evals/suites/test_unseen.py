"""An account of eleven queues, told apart by a word each."""

from dataclasses import replace
from math import isnan

import pytest

from evals.account import Account
from evals.suites.leaving_out import MEASURED, learned_weights, sets_of
from evals.suites.public import Row, as_cases, english_account
from evals.suites.unseen import unseen
from service.learning.familiarity import names_of
from service.learning.pool import VOTERS

WORDS = (
    "invoice",
    "battery",
    "garden",
    "passport",
    "insurance",
    "kitchen",
    "weather",
    "holiday",
    "bicycle",
    "orchard",
    "lantern",
)
PLACES = ("house", "street", "office", "market", "station", "harbour", "forest", "river")
ASKS = ("please look at the", "there is trouble with the", "i write about my")


@pytest.fixture(scope="module")
def account() -> Account:
    rows = [Row(f"{ask} {word} near the {place}", word) for word in WORDS for place in PLACES for ask in ASKS]
    bare = english_account("eleven", WORDS)
    return Account(bare.playbook, (), as_cases(rows, bare, "train"))


def test_queues_are_left_out_in_two_sets_and_the_product_stands_beside_the_rule_of_before(account: Account) -> None:
    said: list[str] = []
    section = unseen(account, said.append)
    assert len(said) == MEASURED
    counted = {figure.n for figure in section.figures if figure.name.startswith("all: routed, unknown")}
    assert counted == {MEASURED * 3 * len(PLACES) * len(ASKS)}
    assert all(not isnan(figure.baseline) for figure in section.figures), "nan: nothing to compare with"
    auroc = next(figure for figure in section.figures if "AUROC" in figure.name)
    assert auroc.ours > 0.8


def test_no_queue_for_what_is_out_of_scope_is_left_out(account: Account) -> None:
    queues = [one.model_copy(update={"out_of_scope": one.id == "garden"}) for one in account.playbook.queues]
    playbook = account.playbook.model_copy(update={"queues": tuple(queues)})
    assert "garden" not in {queue for few in sets_of(Account(playbook, (), account.cases)) for queue in few}


def test_weights_are_learned_from_the_sets_that_nothing_is_measured_on(account: Account) -> None:
    studied = Account(account.playbook, (), [replace(case, unread=False) for case in account.cases])
    said: list[str] = []
    weights = learned_weights(studied, said.append)
    assert tuple(weights) == names_of(VOTERS)
    assert len(said) == len(sets_of(account)) - MEASURED
