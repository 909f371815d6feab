"""Drafts of an invented answer that an advisor touched up: what it costs him to see, and what he may do in peace."""

import pytest

from service.domain.answers import CannedAnswer
from service.pipeline.check.facts import facts
from service.pipeline.check.sources import nearest, of_text
from tests.service.pipeline.check.made import kinds_of
from tests.service.pipeline.redact.made import message

SOURCE = CannedAnswer(
    id="piscine",
    queue="facture",
    title="Piscine",
    situation="Le client demande un bassin.",
    body="Un maillot qui porte une poche est refusé à l'entrée du grand bassin.\n\n"
    "Notre comité donne son accord ou son refus sous 9 jours ouvrés à compter de la visite du bassin.\n\n"
    "Si la réponse est favorable, le bassin chauffé vous sera réservé le samedi suivant.\n\n"
    "Si vous louez la salle, le ménage doit être terminé le soir. Dites-moi si vous venez en groupe, et je vous envoie "
    "le tarif du bassin avant la visite.\n\n"
    "Les bonnets peuvent être échangés, 4 fois au maximum.\n\n"
    "Nous vous remboursons la séance annulée, sous 9 jours ouvrés.",
)


def kinds(text: str) -> list[str]:
    return kinds_of(SOURCE, message("Bonjour, je voudrais nager."), text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Un maillot est refusé à l'entrée du grand bassin.", "condition_lost"),
        ("Notre comité donne son accord sous 9 jours ouvrés à compter de la visite du bassin.", "condition_lost"),
        ("Notre comité donne son accord ou son refus sous 9 jours ouvrés à compter de votre lettre.", "statement"),
        ("La réponse est favorable et le bassin chauffé vous sera réservé le samedi suivant.", "condition_lost"),
        ("Les bonnets vont être échangés, 4 fois au maximum.", "condition_lost"),
        ("Nous vous remboursons toute la saison et la séance annulée, sous 9 jours ouvrés.", "commitment"),
        ("Notre comité donne son accord ou son refus dès demain, à compter de la visite du bassin.", "commitment"),
    ],
)
def test_what_was_put_in_or_left_out_is_found_in_a_sentence_that_is_the_answers_otherwise(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "Notre comité vous donne son accord ou son refus dans les 9 jours ouvrés à compter de la visite du bassin.",
        "Je vous enverrai le tarif du bassin avant la visite.",
        "En cas de réponse favorable, le bassin chauffé vous sera réservé le samedi suivant.",
        "Les bonnets peuvent être échangés ; cela ne peut pas dépasser 4 fois.",
        "Nous vous rembourserons la séance annulée sous 9 jours ouvrés.",
    ],
)
def test_a_touch_that_changes_nothing_is_left_in_peace(text: str) -> None:
    assert kinds(text) == []


def test_the_nearest_delay_is_the_nearest_in_time_and_a_far_date_is_none() -> None:
    told = of_text(text := "sous 2 mois, ou 300 jours, le 1er avril 2024", facts(text))
    year, day = facts("un an, le 5 novembre")
    assert nearest(year, [("piscine", told)]) == ("300 jours", "piscine")
    assert nearest(day, [("piscine", told)]) is None
    assert nearest(facts("le 2 avril 2024")[0], [("piscine", told)]) == ("1er avril 2024", "piscine")
