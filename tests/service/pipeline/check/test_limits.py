"""Limits beside facts, conditions of lists: lost, turned round, or kept in other words."""

import pytest

from service.domain.answers import CannedAnswer
from service.domain.draft import Draft, Paragraph
from service.pipeline.check import check
from tests.service.pipeline.draft.made import PHRASES
from tests.service.pipeline.redact.made import PLAYBOOK, cleaned, message

SOURCE = CannedAnswer(
    id="secours",
    queue="facture",
    title="Secours",
    situation="Le client demande.",
    body=(
        "Le dépannage vaut à plus de 25 km du domicile. Nous remboursons le taxi jusqu'à 60 €, "
        "et l'hôtel dans la limite de 80 € par nuit.\n\n"
        "Si le vol n'est pas déclaré :\n- la garantie est suspendue ;\n- le contrat est résilié."
    ),
)


def lost(text: str) -> list[str]:
    mail = message("Bonjour.")
    part = Paragraph(text=text, sources=("secours",))
    made = Draft(language="fr", subject="s", body=text, paragraphs=(part,))
    found = check(made, (SOURCE,), cleaned(mail), mail, PLAYBOOK, PHRASES).findings
    return [finding.text for finding in found if finding.kind == "condition_lost"]


@pytest.mark.parametrize(
    "text",
    [
        "Votre voiture est secourue dès que vous êtes à plus de 25 km.",
        "Le taxi vous est remboursé à concurrence de 60 €.",
        "Pour l'hôtel, comptez 80 € par nuit au maximum.",
        "Si vous ne déclarez pas le vol, le contrat est résilié.",
    ],
)
def test_a_limit_kept_in_other_words_is_no_finding(text: str) -> None:
    assert lost(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Votre voiture est secourue tant que vous êtes à moins de 25 km.",
        "Pour le taxi, vous touchez 60 €.",
        "Pour l'hôtel, comptez au moins 80 € par nuit.",
        "La garantie est suspendue et le contrat est résilié.",
        "Nous remboursons le taxi et l'hôtel, sans aucun plafond.",
        "Nous remboursons le taxi et l'hôtel, sans la moindre limite.",
    ],
)
def test_a_limit_lost_or_turned_round_is_a_finding_at_its_place(text: str) -> None:
    assert len(lost(text)) == 1
