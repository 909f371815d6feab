import pytest

from service.domain.answers import CannedAnswer
from tests.service.pipeline.check.made import kinds_of
from tests.service.pipeline.redact.made import message

SOURCE = CannedAnswer(
    id="pret",
    queue="facture",
    title="Prêt",
    situation="Le client demande.",
    body=(
        "Bonjour,\n\nLe véhicule de prêt vous est fourni si l'assistance a organisé le remorquage et que le garage "
        "constate une immobilisation. Votre mot de passe ne change pas.\n\nLes travaux sont couverts avec notre accord "
        "préalable. Vous choisissez votre garage, mais n'engagez aucune réparation avant le passage de l'expert. "
        "Une réponse écrite vous parvient, dans les 2 mois à compter de cet envoi. Joignez la facture d'achat, le RIB "
        "et le devis du garage."
    ),
)
FREE = "Pour avoir droit au prêt, il faut que le remorquage soit organisé par l'assistance et que l'atelier la garde."


def kinds(*texts: str) -> list[str]:
    return kinds_of(SOURCE, message("Bonjour, je suis Inès Teixeira."), *texts)


def test_a_free_rewording_of_a_sentence_that_the_draft_tells_nowhere_else_is_no_statement() -> None:
    assert kinds(FREE) == []


def test_the_same_words_beside_the_sentence_itself_are_a_statement_of_their_own() -> None:
    assert kinds(SOURCE.body.split("\n\n")[1], "La voiture de prêt est à vous tant que le litige sur l'expertise dure.")


@pytest.mark.parametrize(
    "text",
    [
        "Votre mot de passe reste le même.",
        "Vous recevrez une réponse écrite dans les 2 mois.",
        "Envoyez-nous le RIB et le devis, avec la facture d'achat.",
        "Les travaux sont couverts si nous avons donné notre accord préalable.",
    ],
)
def test_other_words_for_the_same_negation_condition_or_document_are_no_finding(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Votre mot de passe ne reste pas le même.", "negation_lost"),
        ("Les travaux sont couverts.", "condition_lost"),
        ("Vous choisissez votre garage.", "condition_lost"),
    ],
)
def test_a_negation_or_proviso_that_other_words_lose_is_a_finding(text: str, kind: str) -> None:
    assert kind in kinds(text)
