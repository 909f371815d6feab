"""What a clause says yes and no to: ideas whatever their words, and how surely a contradiction is wrong."""

import pytest

from service.domain.answers import CannedAnswer
from service.domain.draft import Draft, Finding, Paragraph
from service.pipeline.check import check
from service.pipeline.check.polarity import signs
from service.pipeline.redact.words import fold
from tests.service.pipeline.draft.made import PHRASES
from tests.service.pipeline.redact.made import PLAYBOOK, cleaned, message

SOURCE = CannedAnswer(
    id="duplicata",
    queue="facture",
    title="Duplicata",
    situation="Le client demande un duplicata.",
    body=(
        "Le duplicata de votre carte est gratuit. Votre fidélité est conservée.\n\n"
        "Ne jetez pas l'ancienne carte avant d'avoir reçu la nouvelle. Votre code secret ne change pas."
    ),
)


def found(text: str) -> list[Finding]:
    mail = message("Bonjour.")
    part = Paragraph(text=text, sources=("duplicata",))
    made = Draft(language="fr", subject="s", body=text, paragraphs=(part,))
    return [*check(made, (SOURCE,), cleaned(mail), mail, PLAYBOOK, PHRASES).findings]


@pytest.mark.parametrize(
    ("idea", "sign", "text"),
    [
        ("@cost", -1, "Ce duplicata ne vous est pas facturé"),
        ("@cost", -1, "vous n'avez ni motif à donner ni frais à payer"),
        ("@cost", -1, "cela ne vous coûte rien"),
        ("@cost", 1, "moyennant une pénalité"),
        ("@cost", -1, "le club ne facture pas de frais"),
        ("@delayed", -1, "passez sans attendre"),
        ("@likewise", -1, "une infiltration, non"),
        ("@reason", -1, "sans avoir à vous justifier"),
        ("@running", 1, "révoquer le mandat ne met pas fin au contrat"),
        ("@cover", -1, "les pneus ne font pas partie de la garantie"),
        ("@kept", 1, "vos droits ne sont pas perdus"),
        ("@needed", -1, "pas besoin de résilier"),
        ("@cost", -1, "you can withdraw free of charge"),
    ],
)
def test_a_negation_turns_an_idea_round_whatever_its_words(idea: str, sign: int, text: str) -> None:
    assert signs(fold(text)).of[idea] == {sign}


def test_a_negation_reaches_neither_past_its_clause_nor_what_a_double_one_affirms() -> None:
    assert signs(fold("il ne vient pas avant que l'expert soit passé")).of["=expert"] == {1}
    assert signs(fold("il n'y a pas d'amende en cas de retard")).of["@delayed"] == {1}
    assert "@cost" not in signs(fold("nous ne remboursons pas les frais")).of
    assert signs(fold("la voiture ne reste jamais sans assurance")).of["=assurance"] == {1}


@pytest.mark.parametrize(
    "text",
    [
        "Ce duplicata ne vous est pas facturé.",
        "Le duplicata de la carte ne coûte rien.",
        "Vous gardez votre fidélité.",
        "Gardez l'ancienne carte tant que vous n'avez pas reçu la nouvelle.",
        "Le code secret reste le même.",
    ],
)
def test_the_same_said_without_the_negation_or_with_one_is_no_finding(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Le duplicata de votre carte vous est facturé.",
        "Vous perdez votre fidélité.",
        "Jetez l'ancienne carte avant d'avoir reçu la nouvelle.",
        "Le code secret change.",
    ],
)
def test_the_contrary_in_other_words_is_a_finding(text: str) -> None:
    (one,) = found(text)
    assert one.kind in {"opposite", "negation_added", "negation_lost"}
    assert one.severity != "info"
    assert one.source == "duplicata"


def test_a_sentence_changed_by_a_word_is_an_error_and_one_that_is_only_unlike_a_hint() -> None:
    assert [one.severity for one in found("Le duplicata de votre carte n'est pas gratuit.")] == ["error"]
    assert [(one.kind, one.severity) for one in found("Le duplicata de votre carte part du service financier.")] in (
        [],
        [("statement", "info")],
    )
