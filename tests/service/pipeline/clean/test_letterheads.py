import pytest

from service.domain.cleaned import Part
from tests.service.pipeline.clean.letters import cleaned, own, part

LETTER = """Madame Jeanne Martineau
12 rue des Lilas
29200 Brest

Club des Conducteurs
Service Contrats
CS 12345
34000 Montpellier Cedex

Brest, le 3 mars 2025

Lettre recommandée avec accusé de réception

Objet : résiliation du contrat n° 4455

Madame, Monsieur,

Par la présente, je mets fin à mon contrat.

Je vous prie d'agréer, Madame, Monsieur, l'expression de mes sentiments distingués.

J. Martineau
"""


def test_a_letters_object_is_read_and_its_address_block_is_not() -> None:
    result = cleaned(LETTER, channel="letter")
    assert result.own == "Objet : résiliation du contrat n° 4455\nPar la présente, je mets fin à mon contrat."
    assert part(result, Part.GREETING) == "Madame, Monsieur,"
    assert part(result, Part.SIGNATURE) == "J. Martineau"
    assert part(result, Part.HEADER).startswith("Madame Jeanne Martineau")


def test_a_letterhead_is_known_in_a_mail_too() -> None:
    assert own(LETTER) == own(LETTER, channel="letter")


@pytest.mark.parametrize(
    ("first", "greeting"),
    [
        ("Bonjour,", "Bonjour,"),
        ("Bonjour Madame Le Goff,", "Bonjour Madame Le Goff,"),
        ("Madame, Monsieur, ", "Madame, Monsieur,"),
        ("Bonjour à toute l'équipe, ", "Bonjour à toute l'équipe,"),
        ("bonjour ", "bonjour"),
        ("Hello, ", "Hello,"),
        ("Sehr geehrte Damen und Herren,\n", "Sehr geehrte Damen und Herren,"),
        ("Buenos días: ", "Buenos días:"),
        ("allo ? ", "allo ?"),
        ("Bonjour, il y a quelqu'un ? ", "Bonjour, il y a quelqu'un ?"),
        ("is anyone there?\n", "is anyone there?"),
        ("السلام عليكم،\n", "السلام عليكم،"),
    ],
)
def test_a_greeting_is_told_from_the_words_behind_it(first: str, greeting: str) -> None:
    result = cleaned(f"{first}ma carte est perdue depuis hier.")
    assert part(result, Part.GREETING).strip() == greeting
    assert result.own == "ma carte est perdue depuis hier."


def test_a_sentence_that_begins_like_a_greeting_is_one() -> None:
    assert (
        own("Madame Dupont de votre service m'a rappelée hier.") == "Madame Dupont de votre service m'a rappelée hier."
    )


@pytest.mark.parametrize("said", ["Bonjour", "allô ??", "y a quelqu'un ?", "hello, are you there?"])
def test_who_only_asks_whether_somebody_is_there_has_said_nothing_yet(said: str) -> None:
    assert own(said, channel="chat") == ""


@pytest.mark.parametrize(
    "said", ["Y a quelqu'un qui lit mes mails ?", "Vous êtes là samedi ?", "Are you there on Monday?"]
)
def test_a_question_that_begins_like_that_is_read(said: str) -> None:
    assert own(said, channel="chat") == said
