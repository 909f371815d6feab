from datetime import date

import pytest

from service.pipeline.told import Told, waits

WEDNESDAY = date(2026, 10, 14)


def found(text: str) -> Told | None:
    return min(waits(text, WEDNESDAY), key=lambda one: one.since, default=None)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Mon mail de lundi est resté sans réponse.", date(2026, 10, 12)),
        ("Mes courriers des 2 et 19 septembre dorment.", date(2026, 9, 2)),
        ("J'attends une réponse depuis le 3.", date(2026, 10, 3)),
        ("Pas de réponse depuis le 20.", date(2026, 9, 20)),
        ("Je vous ai transmis le RIB, comme convenu, le 28/12 dernier.", date(2025, 12, 28)),
        ("I wrote to you on 9 September.", date(2026, 9, 9)),
    ],
)
def test_a_day_is_that_of_the_calendar_before_today(text: str, day: date) -> None:
    told = found(text)
    assert told is not None
    assert (told.day, told.since) == (day, day)


def test_words_stay_the_customers_and_count_about_as_long_as_they_say() -> None:
    told = found("J'ATTENDS DEPUIS PRES DE TROIS SEMAINES")
    assert told is not None
    assert (told.words, told.day, told.since) == ("près de trois semaines", None, date(2026, 9, 23))
    assert told.said(None, "fr") == "depuis près de trois semaines"
    assert told.said(None, "en") is None


def test_a_day_without_a_message_is_only_one_of_waiting() -> None:
    sent, wrote = found("J'ai envoyé mon dossier le 3 octobre."), found("Je vous ai écrit le 3 octobre.")
    assert sent is not None
    assert wrote is not None
    assert (sent.message, wrote.message) == (False, True)


@pytest.mark.parametrize(
    "text",
    [
        "Votre courrier du 12 septembre ne répond pas.",
        "Voici ma réponse à votre courrier du 12 septembre.",
        "Ma résiliation vaut au 1er octobre, d'après votre courrier du 12 septembre.",
        "Vous m'avez envoyé le 3 octobre un devis.",
        "Le contrat signé le 3 octobre.",
        "Je vous ai demandé la fin du contrat pour le 31 octobre.",
        "Mon courrier du 31/02 ?",
        "Je suis membre depuis 12 ans et on ne me répond pas.",
    ],
)
def test_what_is_of_somebody_or_something_else_dates_nothing(text: str) -> None:
    assert found(text) is None
