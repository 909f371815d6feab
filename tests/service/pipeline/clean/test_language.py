import pytest

from service.pipeline.clean.language import LANGUAGES, _identifier
from tests.service.pipeline.clean.letters import cleaned


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("Bonjour, je souhaite résilier mon contrat à l'échéance.", "fr"),
        ("Hello, I would like to cancel my membership at the end of the month.", "en"),
        ("Guten Tag, ich möchte meinen Vertrag zum Jahresende kündigen.", "de"),
        ("Buenos días, quisiera cancelar mi contrato a final de año.", "es"),
        ("Bom dia, queria cancelar o meu contrato no fim do ano.", "pt"),
        ("Buongiorno, vorrei disdire il mio contratto alla fine dell'anno.", "it"),
        ("Goedemiddag, ik wil mijn contract opzeggen op het einde van het jaar.", "nl"),
        ("السلام عليكم، أريد إلغاء اشتراكي في نهاية السنة.", "ar"),
        ("", "fr"),
        ("ok", "fr"),
        ("relevé info svp", "fr"),
        ("12345", "fr"),
    ],
)
def test_the_language_of_the_customers_words_is_named(body: str, language: str) -> None:
    assert cleaned(body).language == language


def test_a_quoted_thread_in_another_language_does_not_count() -> None:
    body = (
        "Please cancel my membership today, thank you.\n\nLe 3 mars 2025 à 9:00, Service a écrit :\n"
        + "> Bonjour, votre contrat.\n" * 20
    )
    assert cleaned(body).language == "en"


def test_numbers_of_other_languages_are_not_held() -> None:
    identifier = _identifier()
    identifier.set_languages(None)
    assert sorted(identifier.labels) == sorted(LANGUAGES)
