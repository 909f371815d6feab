import pytest

from service.domain.answers import CannedAnswer
from service.domain.message import Message
from tests.service.pipeline.check.made import kinds_of
from tests.service.pipeline.redact.made import message

SOURCE = CannedAnswer(
    id="garantie",
    queue="facture",
    title="Garantie",
    situation="Le client demande.",
    body=(
        "Bonjour {civilite},\n\nNous vous remboursons la clé jusqu'à 800 € par an, sauf en cas de négligence. "
        "Votre remboursement n'est pas versé avant la réception de la facture. Le transfert est gratuit. "
        "Vous pouvez renoncer sous 14 jours si le devis ne vous convient pas. La franchise est de 30 €. "
        "Les pièces sont garanties, hors usure normale. Les animaux ne sont admis que sur accord écrit. "
        "Le casier est facturé, sauf si vous êtes membre. Faites la demande au plus tard 60 jours après le séjour. "
        "L'hôtel est remboursé jusqu'à 80 € par nuit, 2 nuits au maximum."
    ),
)


def kinds(text: str, mail: Message | None = None) -> list[str]:
    return kinds_of(SOURCE, mail or message("Bonjour, je suis Inès Teixeira, et j'ai perdu 2 clés."), text)


@pytest.mark.parametrize(
    "text",
    [
        "Vous serez remboursé de la clé jusqu'à 800 euros par an, excepté en cas de négligence.",
        "Ce transfert est gratuit.",
        "Si le devis ne vous convient pas, vous pouvez renoncer dans les quatorze jours.",
        "Le remboursement n'est pas versé avant réception de la facture.",
        "Je comprends votre embarras, madame Teixeira.",
        "Les pièces sont garanties ; la garantie exclut l'usure normale.",
        "Les animaux sont admis si vous avez un accord écrit.",
        "Si vous êtes membre, le casier n'est pas facturé.",
        "Faites votre demande dans les 60 jours après le séjour.",
    ],
)
def test_a_rewording_that_keeps_negations_and_conditions_has_no_findings(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Nous vous remboursons la clé jusqu'à 800 € par an.", "condition_lost"),
        ("Vous pouvez renoncer sous 14 jours.", "condition_lost"),
        ("Votre remboursement est versé avant la réception de la facture.", "negation_lost"),
        ("Votre remboursement n'est pas versé après la réception de la facture.", "condition_lost"),
        ("Vous ne pouvez pas renoncer sous 14 jours si le devis ne vous convient pas.", "negation_added"),
        ("Le transfert est payant.", "opposite"),
        ("L'hôtel est remboursé jusqu'à 80 € la nuit.", "condition_lost"),
        ("Les pièces sont garanties.", "condition_lost"),
        ("Les animaux sont interdits.", "opposite"),
        ("La franchise est de 800 €.", "misplaced_amount"),
        ("Joignez aussi votre passeport.", "unsourced_document"),
        ("Votre formule Sérénité couvre la clé.", "unsourced_name"),
        ("Vous récupérerez votre argent très vite.", "commitment"),
        ("La réponse sera favorable, ce n'est qu'une formalité.", "commitment"),
        ("Votre contrat a été suspendu.", "statement"),
    ],
)
def test_what_a_source_does_not_say_or_binds_otherwise_is_a_finding(text: str, kind: str) -> None:
    assert kind in kinds(text)


def test_a_statement_that_the_customer_makes_is_a_hint_to_look_it_up_and_one_of_the_record_is_none() -> None:
    assert kinds("Votre contrat a été suspendu.", message("Mon contrat a été suspendu hier.")) == ["presumed"]
