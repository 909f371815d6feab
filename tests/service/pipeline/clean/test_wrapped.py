"""Lines that a mail program broke are joined, and no others."""

from textwrap import fill

import pytest

from service.domain.cleaned import Part
from service.pipeline.clean.wrapped import unwrapped
from tests.service.pipeline.clean.letters import cleaned


def joined(text: str) -> str:
    found = unwrapped(text)
    return found[0] if found else text


SAID = (
    "Je vous écris au sujet du prélèvement de quarante-deux euros qui a été passé deux fois sur mon compte en mai. "
    "Pouvez-vous me rembourser la deuxième fois, et me dire quand Madame Dupont, votre collègue de l'agence de Lyon, "
    "reviendra de ses congés ? Je vous prie de me rappeler ce soir au 06 39 98 14 27."
)
PARAGRAPH = fill(SAID, 72)
WRAPPED = f"Bonjour,\n\n{PARAGRAPH}\n\nCordialement,\nClaire Vasseur\n12 rue des Lilas\n69003 Lyon"


def test_a_paragraph_that_was_broken_at_a_width_is_one_line_again() -> None:
    assert PARAGRAPH.count("\n") >= 4
    lines = joined(WRAPPED).split("\n")
    assert lines[2] == SAID
    assert lines[4:] == ["Cordialement,", "Claire Vasseur", "12 rue des Lilas", "69003 Lyon"]


def test_every_joined_word_still_leads_to_its_place_in_the_body() -> None:
    body = WRAPPED.replace("\n", " \r\n")
    result = cleaned(body)
    for word in ("rembourser", "deuxième", "06 39 98 14 27", "votre collègue"):
        start = result.text.index(word)
        place = result.alignment.to_source(start, start + len(word))
        assert place is not None
        assert body[slice(*place)].split() == word.split()


@pytest.mark.parametrize(
    "text",
    [
        "Pouvez-vous me rembourser\nla deuxième fois ?",
        "Bonjour, j'ai été prélevé deux fois. Pouvez-vous me rembourser\nla deuxième fois ?",
        "Je cherche l'adresse de\nMonsieur Dupont",
        "Pouvez-vous me rappeler\n? Merci",
        "appelez moi sur mon portable apres dix huit heures au 06 39\n98 14 27",
        "voici le nouveau compte a prelever a partir du mois prochain FR76\n3000 1000 6449 1900 9562 088",
        "bonjour ma voiture est en panne depuis hier soir, elle est immatriculee FG 482\nKR, merci",
    ],
)
def test_a_line_that_cannot_end_there_is_joined(text: str) -> None:
    assert joined(text) == text.replace("\n", " ")


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour,\nje voudrais résilier mon contrat.",
        "Bonjour Madame Dupont,\nje voudrais résilier mon contrat.",
        "Merci de votre aide. Bien cordialement\nclaire vasseur",
        "Il me manque :\n- la carte grise\n- le permis\n- un relevé d'information de moins de trois mois",
        "Je vous envoie\n1. la carte grise\n2. le permis",
        "Claire Vasseur\n12 rue des Lilas\n69003 Lyon\n06 39 98 14 27",
        "bonjour ma carte est perdue\nje fais comment\nmerci",
        "La carte est perdue.\nPouvez-vous m'en envoyer une autre ?",
        "Je vous transmets ce que m'a répondu votre collègue du service\nDe : Paul <paul@example.org>\nObjet : carte",
        "Le lundi 3 mars 2025 à 9 h 00, le service client du Club a écrit :\nbonjour, votre dossier est complet.",
        "J'ai bien reçu votre réponse et je la conteste\n> Votre dossier est clos\n> depuis lundi.",
    ],
)
def test_lines_that_somebody_ended_stay_apart(text: str) -> None:
    assert joined(text).split("\n")[0] == text.split("\n", maxsplit=1)[0]


def test_a_quoted_paragraph_loses_the_marks_between_its_lines() -> None:
    text = (
        "> Votre véhicule de prêt vous attend à partir de dix-sept heures. Merci de\n> venir avec votre permis.\n\nOui."
    )
    assert joined(text).startswith("> Votre véhicule de prêt vous attend à partir de dix-sept heures. Merci de venir")


def test_a_long_line_of_another_hand_does_not_hide_at_which_width_the_rest_was_broken() -> None:
    below = (
        "Ce que votre collègue m'a répondu tient en une ligne, que voici, et elle est bien plus longue que les autres."
    )
    assert joined(f"{PARAGRAPH}\n\n{below}") == f"{SAID}\n\n{below}"


def test_a_closing_keeps_its_line_where_the_one_before_it_is_full() -> None:
    said = fill(f"{SAID} Je serai chez moi ce soir et demain", 72)
    width = max(map(len, said.split("\n")))
    said = said + " toute" * ((width - len(said.rpartition("\n")[2])) // len(" toute"))
    assert len(said.rpartition("\n")[2]) + len(" Cordialement,") > width
    parts = [one.part for one in cleaned(f"Bonjour,\n{said}\nCordialement,\nClaire Vasseur").segments]
    assert parts[:3] == [Part.GREETING, Part.BODY, Part.CLOSING]


def test_what_is_posted_line_by_line_is_left_as_it_is() -> None:
    body = "Pouvez-vous me rembourser\nla deuxième fois ?"
    assert cleaned(body, channel="chat").text == body
    assert cleaned(body, channel="form").text == body.replace("\n", " ")
