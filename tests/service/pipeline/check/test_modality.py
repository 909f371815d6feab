"""What a source only allows, told as certain or due."""

import pytest

from service.pipeline.check.clauses import clauses, shares
from service.pipeline.check.modality import surer

SOURCE = (
    "Un gardiennage de 15 € par jour peut vous être facturé. Vous pouvez renouveler votre carte en ligne. "
    "Vous devez signaler la perte."
)


def kind(text: str) -> str | None:
    (clause,) = clauses(text)
    found = surer(clause, shares(clause, clauses(SOURCE)))
    return found and found.kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Un gardiennage de 15 € par jour vous sera facturé.", "condition_lost"),
        ("Vous devez renouveler votre carte en ligne.", "opposite"),
        ("Un gardiennage de 15 € par jour pourra vous être facturé.", None),
        ("Un gardiennage de 15 € par jour vous est parfois facturé.", None),
        ("Renouvelez votre carte en ligne.", None),
        ("Vous devez signaler la perte.", None),
    ],
)
def test_what_may_be_is_not_certain_and_a_choice_is_no_duty(text: str, expected: str | None) -> None:
    assert kind(text) == expected
