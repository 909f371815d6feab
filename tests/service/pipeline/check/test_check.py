import pytest

from service.domain.draft import Draft, Finding, Paragraph
from service.pipeline.check import check
from tests.service.pipeline.draft.made import DEPART, FACTURE, PHRASES
from tests.service.pipeline.redact.made import PLAYBOOK, cleaned, message

CUSTOMER = "Je paie 17 € au 06 12 34 56 78, voir http://piege.example/x, dossier 4471-22. Remboursez-moi sous 3 jours."


def found(text: str, *sources: str, customer: str = CUSTOMER) -> list[Finding]:
    parts = (Paragraph(text="Bonjour,", sources=()), Paragraph(text=text, sources=sources or ("facture_echeance",)))
    body = "\n\n".join(part.text for part in parts)
    made = Draft(language="fr", subject="Re: x", body=body, paragraphs=parts)
    mail = message(customer)
    checked = check(made, (FACTURE, DEPART), cleaned(mail), mail, PLAYBOOK, PHRASES)
    for finding in checked.findings:
        assert body[finding.start : finding.end] == finding.text
    return list(checked.findings)


@pytest.mark.parametrize(
    "text",
    [
        "Le prix est de 42 euros.",
        "Le prix est de 42€ par an.",
        "Comptez quarante-deux euros.",
        "C'est 42,00 EUR.",
        "Vous payez dans les deux jours.",
        "Vous payez dans les 2 jours.",
        "Vous payez sous 48 heures.",
        "Réponse sous dix jours ouvrés.",
        "Appelez le 04.65.71.10.10 ou le +33 4 65 71 10 10.",
        "Appelez le +33 1 99 00 24 24.",
        "Ouvert du lundi au vendredi, de 9h00 à 18h.",
        "Voir maison.example ou https://www.maison.example/.",
        "Écrivez à CONTACT@maison.example.",
        "Par courrier : CS 99001, 34999 Valserine-sur-Lez Cedex.",
        "Vous dites payer 17,00 euros et demandez 3 jours.",
        "Nous vous appelons au 06.12.34.56.78 pour le dossier 4471-22.",
        "Votre contrat {numero_contrat} : {montant_2}.",
        "Je comprends votre question et vous en remercie.",
    ],
)
def test_a_fact_of_a_source_is_found_however_it_is_written(text: str) -> None:
    assert found(text, "facture_echeance", "account") == []


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Le prix est de 43 euros.", "unsourced_amount", "43 euros"),
        ("Le prix est de 42,50 €.", "unsourced_amount", "42,50 €"),
        ("Le prix est de 4 200 €.", "unsourced_amount", "4 200 €"),
        ("Une remise de 15 %.", "unsourced_percentage", "15 %"),
        ("Le 12 mai 2026 au plus tard.", "unsourced_date", "12 mai 2026"),
        ("Vous payez sous 96 h.", "unsourced_delay", "96 h"),
        ("Réponse sous 10 jours.", "unsourced_delay", "10 jours"),
        ("Réponse sous onze jours ouvrés.", "unsourced_delay", "onze jours ouvrés"),
        ("Ouvert du lundi au samedi.", "unsourced_hours", "lundi au samedi"),
        ("Ouvert de 8 h à 18 h.", "unsourced_hours", "8 h"),
        ("Appelez le 04 65 71 10 11.", "unsourced_phone", "04 65 71 10 11"),
        ("Écrivez à aide@maison.example.", "unsourced_email", "aide@maison.example"),
        ("Cliquez sur www.autre.example/payer.", "unsourced_link", "www.autre.example/payer"),
        ("Selon l'article L113-12 du Code des assurances.", "unsourced_article", "article L113-12 du Code"),
        ("Écrivez à la CS 99002.", "unsourced_address", "CS 99002"),
        ("Vous avez 7 essais.", "unsourced_number", "7"),
        ("Dossier 4471-23.", "unsourced_number", "4471-23"),
    ],
)
def test_a_fact_of_no_source_is_flagged_at_its_place(text: str, kind: str, words: str) -> None:
    (finding,) = found(text, "facture_echeance", "account")
    assert (finding.kind, finding.text) == (kind, words)
    assert finding.detail


def test_the_nearest_fact_of_a_source_stands_beside_a_wrong_one() -> None:
    (finding,) = found("Le prix est de 45,00 €.")
    assert finding.detail == "Montant absent des sources. La source la plus proche dit « 42,00 € »."


def test_a_fact_counts_only_where_its_answer_is_cited() -> None:
    assert found("Effet sous 14 jours.", "depart_preavis") == []
    assert [finding.kind for finding in found("Effet sous 14 jours.", "facture_echeance")] == ["unsourced_delay"]


def test_a_delay_or_amount_of_the_accounts_facts_counts_only_where_the_account_is_cited() -> None:
    assert found("Réponse sous 10 jours ouvrés.", "facture_echeance", "account") == []
    assert [f.kind for f in found("Réponse sous 10 jours ouvrés.", "facture_echeance")] == ["unsourced_delay"]
    assert found("Appelez le +33 1 99 00 24 24.", "facture_echeance") == []


def test_a_link_of_the_customers_is_never_sent_back() -> None:
    assert [finding.kind for finding in found("Voir http://piege.example/x")] == ["unsourced_link"]


def test_a_commitment_needs_an_answer_that_makes_it() -> None:
    assert found("C'est sans frais.", "depart_preavis") == []
    seen = [(finding.kind, finding.severity, finding.text) for finding in found("C'est SANS FRAIS pour vous.")]
    assert ("commitment", "warning", "SANS FRAIS") in seen
    assert [f.kind for f in found("Nous vous remboursons.", customer="nous vous remboursons")] == ["commitment"]


def test_a_verbatim_paragraph_of_a_cited_answer_has_no_findings() -> None:
    for answer in (FACTURE, DEPART):
        for block in answer.body.split("\n\n"):
            assert found(block, answer.id) == []


def test_earlier_findings_are_kept_and_all_come_in_order() -> None:
    early = Finding(kind="language", text="", start=0, end=0, severity="info")
    part = Paragraph(text="Comptez 43 €.", sources=())
    made = Draft(language="fr", subject="s", body=part.text, paragraphs=(part,), findings=(early,))
    mail = message("Bonjour")
    checked = check(made, (), cleaned(mail), mail, PLAYBOOK, PHRASES)
    assert [finding.kind for finding in checked.findings] == ["language", "unsourced_amount"]
