"""An account of eight queues, told apart by a word each."""

import pytest

from evals.account import Account
from evals.suites.public import Row, as_cases, english_account
from evals.suites.unseen import unseen

WORDS = ("invoice", "battery", "garden", "passport", "insurance", "kitchen", "weather", "holiday")
PLACES = ("house", "street", "office", "market", "station", "harbour", "forest", "river", "bridge", "tower")


@pytest.fixture
def account() -> Account:
    rows = [Row(f"please look at the {word} near the {place}", word) for word in WORDS for place in PLACES]
    bare = english_account("eight", WORDS)
    return Account(bare.playbook, (), as_cases(rows, bare, "train"))


def test_queues_are_left_out_in_two_sets_and_what_todays_rule_says_stands_beside_the_stacker(account: Account) -> None:
    said: list[str] = []
    section = unseen(account, said.append)
    assert len(said) == 2
    names = [figure.name for figure in section.figures]
    assert any("today's rule" in name for name in names)
    assert any("stacker" in name for name in names)
    unknown = {figure.n for figure in section.figures if "unknown queues" in figure.name}
    assert unknown == {6 * len(PLACES)}


def test_no_queue_for_what_is_out_of_scope_is_left_out(account: Account) -> None:
    queues = [one.model_copy(update={"out_of_scope": one.id == "garden"}) for one in account.playbook.queues]
    playbook = account.playbook.model_copy(update={"queues": tuple(queues)})
    section = unseen(Account(playbook, (), account.cases), lambda _: None)
    assert "garden" not in " ".join(section.notes)
