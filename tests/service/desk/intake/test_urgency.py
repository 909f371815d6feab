"""By when a message likely has to be answered, told by its words before it is triaged."""

from pathlib import Path

import pytest

from service.desk.intake.urgency import likely_hours
from service.playbooks import KeywordMatcher
from service.playbooks.folder import read_account
from service.settings import REFERENCE


@pytest.fixture(scope="module")
def playbook():  # type: ignore[no-untyped-def]
    return read_account(Path(REFERENCE)).playbook


def hours(playbook, text: str) -> float:  # type: ignore[no-untyped-def]
    return likely_hours(KeywordMatcher(playbook).hits(text), playbook)


def test_who_stands_at_the_roadside_comes_before_who_asks_for_a_copy(playbook) -> None:  # type: ignore[no-untyped-def]
    stranded = hours(playbook, "Bonjour, ma voiture est en panne sur l'autoroute, il me faut une dépanneuse.")
    copy = hours(playbook, "Bonjour, je souhaite changer mon adresse postale sur mon espace membre.")
    assert stranded == 1
    assert copy > stranded


def test_what_says_nothing_has_the_delay_in_the_middle(playbook) -> None:  # type: ignore[no-untyped-def]
    assert 24 < hours(playbook, "Bonjour.") < 48
