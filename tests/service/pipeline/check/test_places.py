import pytest

from service.domain.answers import CannedAnswer
from service.domain.draft import Draft, Finding, Paragraph
from service.pipeline.check import check
from tests.service.pipeline.draft.made import PHRASES
from tests.service.pipeline.redact.made import PLAYBOOK, cleaned, message

SOURCE = CannedAnswer(
    id="tarifs",
    queue="facture",
    title="Tarifs",
    situation="Le client demande.",
    body=(
        "Bonjour {civilite},\n\nLa formule de base coûte 29,90 € par mois et la formule étendue 39,90 € par mois. "
        "Envoyez-nous la copie du devis.\n\nEn cas de vol : la copie du dépôt de plainte.\n"
        "En cas de panne : le diagnostic.\n\nAppelez le 04 65 71 10 10. "
        "Le remboursement part sous 14 jours si le dossier est complet."
    ),
)


def found(text: str, customer: str = "Bonjour, combien cela coûte-t-il ?") -> list[Finding]:
    part = Paragraph(text=text, sources=("tarifs",))
    made = Draft(language="fr", subject="s", body=text, paragraphs=(part,))
    mail = message(customer)
    return list(check(made, (SOURCE,), cleaned(mail), mail, PLAYBOOK, PHRASES).findings)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("La formule de base coûte 39,90 € par mois et la formule étendue 29,90 € par mois.", "misplaced_amount"),
        ("La formule de base coûte 29,90 € par an.", "misplaced_amount"),
        ("En cas de vol, joignez le diagnostic.", "misplaced_document"),
        ("Nous vous envoyons la copie du devis.", "role"),
    ],
)
def test_a_right_fact_in_a_wrong_place_is_a_finding(text: str, kind: str) -> None:
    assert kind in [finding.kind for finding in found(text)]


def test_facts_in_their_places_are_none() -> None:
    assert found("La formule étendue est à 39,90 € par mois, celle de base à 29,90 €.") == []


def test_what_the_company_would_owe_is_not_sourced_by_the_customers_word() -> None:
    claim = "Vous me devez 500 € de dédommagement, et je les veux sous 3 jours."
    kinds = [finding.kind for finding in found("Nous vous remboursons 500 € sous 3 jours.", claim)]
    assert {"unsourced_amount", "unsourced_delay"} <= set(kinds)
    assert "unsourced_amount" not in [finding.kind for finding in found("Vous nous demandez 500 €.", claim)]


def test_a_number_of_the_customers_is_none_to_call() -> None:
    claim = "Votre ligne est bien le 06 12 34 56 78 ?"
    assert [finding.kind for finding in found("Appelez le 06 12 34 56 78.", claim)][:1] == ["unsourced_phone"]


def test_a_name_that_opens_a_sentence_is_seen() -> None:
    assert "unsourced_name" in [finding.kind for finding in found("Assurtop vous rembourse.")]


def test_a_promise_in_words_of_its_own_is_seen() -> None:
    for text in ("Votre option est activée.", "La facture du garage est pour nous.", "Nous renonçons à la franchise."):
        assert {"commitment", "statement"} & {finding.kind for finding in found(text)}


def test_the_nearest_passage_stands_in_fields_of_its_own() -> None:
    (finding,) = [one for one in found("Appelez le 04 65 71 10 11.") if one.kind == "unsourced_phone"]
    assert (finding.nearest, finding.source) == ("04 65 71 10 10", "tarifs")
    (finding,) = [one for one in found("Le remboursement part sous 14 jours.") if one.kind == "condition_lost"]
    assert finding.nearest == "Le remboursement part sous 14 jours si le dossier est complet."
    assert finding.source == "tarifs"
