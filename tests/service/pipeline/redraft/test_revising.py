"""What was concluded of a message, once a person has settled its queue."""

import pytest

from service.domain.ask import Ask
from service.pipeline.redraft.revising import settled
from tests.service.samples import a_message, a_triage

ASK = Ask(text="Et ma facture ?", queue="depart", probability=0.6)


@pytest.mark.parametrize(
    ("asks", "secondary"), [((ASK,), ()), ((ASK, ASK.model_copy(update={"queue": "facture"})), ("depart",))]
)
def test_a_message_with_one_ask_has_no_second_one_whatever_its_queue(
    asks: tuple[Ask, ...], secondary: tuple[str, ...]
) -> None:
    triage = a_triage(a_message(), "t-1").model_copy(update={"asks": asks, "secondary": ("depart", "facture")})
    assert settled(triage, "facture").secondary == secondary
