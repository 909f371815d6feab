"""What the reference account's keywords say of flags, in French and in other languages."""

from functools import lru_cache

import pytest

from service.domain.alignment import Alignment
from service.domain.cleaned import Part, Segment
from service.domain.redacted import Redacted, ours
from service.pipeline.flags import DECIDES
from service.pipeline.votes import keywords
from service.playbooks import KeywordMatcher, parse_playbook
from service.settings import REFERENCE

CLEARLY = 0.6
"""Enough for a flag where the text says little, as of a message in another language."""


@lru_cache(maxsize=1)
def matcher() -> KeywordMatcher:
    return KeywordMatcher(parse_playbook(REFERENCE))


def flags(text: str, language: str = "fr") -> dict[str, float]:
    whole = (Segment(Part.BODY, 0, len(text)),)
    message = Redacted(ours(""), ours(text), whole, Alignment.identity(len(text)), language=language)
    return keywords.vote(message, matcher()).flags


@pytest.mark.parametrize(
    ("text", "language", "flag"),
    [
        ("My solicitor will issue legal proceedings.", "en", "legal_threat"),
        ("I am still waiting and nobody has answered.", "en", "chaser"),
        ("Our car is stranded on the hard shoulder.", "en", "urgent"),
        ("My wife died in May.", "en", "sensitive"),
        ("Please give me a ring, I prefer to talk to someone.", "en", "callback"),
        ("Mein Vater ist gestorben.", "de", "sensitive"),
        ("Sigo esperando, ninguna respuesta.", "es", "chaser"),
        ("Il mio avvocato agirà per vie legali.", "it", "legal_threat"),
        ("Podem telefonar-me? Liguem-me, por favor.", "pt", "callback"),
    ],
)
def test_what_customers_say_in_other_languages_speaks_for_its_flag(text: str, language: str, flag: str) -> None:
    assert flags(text, language).get(flag, 0.0) >= CLEARLY


@pytest.mark.parametrize(
    "text",
    [
        "Elle est en réanimation, comment suspendre ?",
        "Ma sœur a perdu notre fils ? Non, nous avons perdu notre fille, et la voiture avec.",
        "On m'a découvert un lymphome.",
        "J'ai fait une tentative de suicide.",
        "Il a la maladie de Parkinson.",
        "Une nuit d'avril il a fait un AVC.",
    ],
)
def test_grave_words_decide_for_a_flag_that_must_not_be_missed(text: str) -> None:
    assert flags(text)["sensitive"] >= DECIDES


@pytest.mark.parametrize(
    "text",
    [
        "J'ai perdu ma carte et mon fils ses clés.",
        "Ma mère dit que la batterie est morte.",
        "Je suis infirmière aux soins intensifs, je prends mon service à 6 h.",
        "La climatisation est en fin de vie.",
    ],
)
def test_words_that_only_sound_grave_do_not_decide(text: str) -> None:
    assert flags(text).get("sensitive", 0.0) < DECIDES


@pytest.mark.parametrize(
    "text",
    [
        "Sans réponse sous quinze jours, j'irai ailleurs.",
        "sans nouvelles de vous d'ici mardi je change de club",
        "Sans retour avant le 4, tant pis.",
    ],
)
def test_a_delay_set_for_an_answer_is_no_earlier_message(text: str) -> None:
    assert "chaser" not in flags(text)


@pytest.mark.parametrize("text", ["Ma lettre est restée sans réponse.", "Sans nouvelles de vous depuis un mois."])
def test_an_answer_that_has_not_come_is_one(text: str) -> None:
    assert flags(text)["chaser"] >= 0.5


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where do I find my certificate?", "en"),
        ("Please do not call, an email will do.", "en"),
        ("Je suis un peu à court ce mois-ci, puis-je payer plus tard ?", "fr"),
    ],
)
def test_what_asks_for_nothing_of_the_kind_raises_nothing(text: str, language: str) -> None:
    assert max(flags(text, language).values(), default=0.0) < CLEARLY
