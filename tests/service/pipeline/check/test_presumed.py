"""What a canned answer says of everybody's file, and somebody has to look up before it is sent."""

from collections.abc import Sequence

import pytest

from service.domain.answers import CannedAnswer
from service.domain.draft import Draft, Finding, Paragraph
from service.pipeline.check import check
from tests.service.pipeline.draft.made import PHRASES
from tests.service.pipeline.redact.made import PLAYBOOK, cleaned, message

SOURCE = CannedAnswer(
    id="casier",
    queue="facture",
    title="Casier rendu",
    situation="Le client a rendu son casier.",
    body="J'ai vérifié votre casier : il est vide.\n\nLa caution de {montant} est versée aujourd'hui.\n\n"
    "Votre contrat n'est pas résilié.\n\nSi votre badge est bloqué, écrivez-nous.\n\n"
    "Un casier est bloqué après trois essais.\n\nVotre demande est-elle enregistrée ?",
)


def found(*texts: str, sources: Sequence[str] = ("casier",), **metadata: str) -> list[Finding]:
    parts = tuple(Paragraph(text=text, sources=tuple(sources)) for text in texts)
    made = Draft(language="fr", subject="s", body="\n\n".join(texts), paragraphs=parts)
    mail = message("Bonjour, j'ai rendu mon casier.", metadata=metadata)
    return list(check(made, (SOURCE,), cleaned(mail), mail, PLAYBOOK, PHRASES).findings)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("J'ai vérifié votre casier : il est vide.", "J'ai vérifié votre casier"),
        ("La caution de {montant} est versée aujourd'hui.", "La caution de {montant} est versée aujourd'hui."),
        ("Votre contrat n'est pas résilié.", "Votre contrat n'est pas résilié."),
    ],
)
def test_what_was_done_for_him_or_how_his_file_stands_is_hinted_at_its_place(text: str, said: str) -> None:
    (one,) = found("Un casier est bloqué après trois essais.", text)
    assert (one.kind, one.severity, one.text) == ("presumed", "info", said)
    assert one.start == len("Un casier est bloqué après trois essais.\n\n")
    assert "avant l'envoi" in one.detail


@pytest.mark.parametrize("text", SOURCE.body.split("\n\n")[3:])
def test_a_condition_a_rule_for_everybody_and_a_question_tell_nothing_of_his_file(text: str) -> None:
    assert found(text) == []


def test_what_his_record_holds_is_known() -> None:
    assert found("Votre contrat n'est pas résilié.", etat="contrat non résilié") == []
    assert [one.kind for one in found("Votre contrat n'est pas résilié.", etat="badge 12")] == ["presumed"]


def test_another_finding_in_the_sentence_goes_before() -> None:
    kinds = [one.kind for one in found("La caution de 75 € est versée aujourd'hui.")]
    assert kinds == ["unsourced_amount"]


def test_an_advisors_own_words_are_his_to_know() -> None:
    assert found("J'ai vérifié votre casier : il est vide.", sources=()) == []
