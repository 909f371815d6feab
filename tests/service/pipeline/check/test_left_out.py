"""What said when or for what case something holds, left out of a sentence that is the answer's otherwise."""

import pytest

from service.domain.answers import CannedAnswer
from tests.service.pipeline.check.made import kinds_of
from tests.service.pipeline.redact.made import message

SOURCE = CannedAnswer(
    id="piscine",
    queue="facture",
    title="Piscine",
    situation="Le client demande un bassin.",
    body="Pour l'inscription au club nautique, apportez un certificat et une photo récente à la caisse.\n\n"
    "La ligne reste gardée 3 heures, ou 7 heures avec l'option nocturne.\n\n"
    "Selon votre cas :\n- bonnet volé : téléphonez au gardien et prévenez la caisse dans les 2 heures ;\n"
    "- serviette oubliée : écrivez au vestiaire dans les 5 jours.\n\n"
    "Le cours n'est pas remboursé, et le bonnet ne peut être rendu qu'avec son étiquette.",
)


def kinds(text: str) -> list[str]:
    return kinds_of(SOURCE, message("Bonjour, je voudrais nager."), text)


@pytest.mark.parametrize(
    "text",
    [
        "Pour l'inscription au club nautique, apportez une photo récente à la caisse.",
        "La ligne est gardée 3 heures, ou 7 heures.",
        "Téléphonez au gardien et prévenez la caisse dans les 2 heures.",
    ],
)
def test_what_was_left_out_beside_what_it_qualified_is_missed(text: str) -> None:
    assert kinds(text) == ["condition_lost"]


@pytest.mark.parametrize(
    "text",
    [
        "Pour l'inscription au club nautique, apportez à la caisse un certificat et une photo récente.",
        "La ligne est gardée 3 heures, ou 7 heures si vous avez l'option nocturne.",
        "Si le bonnet est volé, téléphonez au gardien et prévenez la caisse dans les 2 heures.",
        "Le bonnet ne saurait être rendu sans son étiquette.",
        "Pas un jour sans nager !",
    ],
)
def test_the_same_told_in_another_place_or_way_is_left_in_peace(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    ("source", "draft"),
    [
        ("Passé ce délai, l'abonnement de tennis est à payer au tarif plein.", "L'abonnement de tennis est à payer."),
        ("Le court couvert vous est ouvert contre remise de la carte bleue.", "Le court couvert vous est ouvert."),
        ("Le court couvert est réservé aux joueurs classés.", "Le court couvert est pour vous."),
        ("Le vestiaire vous attend, mis à part les jours de tournoi.", "Le vestiaire vous attend."),
    ],
)
def test_conditions_of_delay_exchange_reserve_and_exception_are_missed_in_their_other_words(
    source: str, draft: str
) -> None:
    answer = SOURCE.model_copy(update={"id": "tennis", "body": source})
    assert "condition_lost" in kinds_of(answer, message("Bonjour, je voudrais jouer."), draft)
    assert kinds_of(answer, message("Bonjour, je voudrais jouer."), source) == []


@pytest.mark.parametrize(
    "draft",
    [
        "Le bonnet peut être rendu à quiconque, au choix.",
        "Le bonnet peut être rendu quand bon vous semble.",
        "Le bonnet peut être rendu sans rien justifier.",
    ],
)
def test_a_condition_is_lost_where_the_draft_waves_it_away_in_general_words(draft: str) -> None:
    answer = SOURCE.model_copy(update={"body": "Le bonnet peut être rendu à la caisse sur présentation du ticket."})
    assert "condition_lost" in kinds_of(answer, message("Bonjour, je voudrais nager."), draft)
