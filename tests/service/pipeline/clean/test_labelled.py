import time

import pytest

from service.domain.cleaned import Part
from tests.service.pipeline.clean.letters import cleaned, own, part, source_of

WORDS = "Ma poubelle a été volée rue Neuve, comment en avoir une autre ?"
FORM = f"""Nom : Pieters
Prénom : Alix
E-mail : alix@example.org
N° de dossier : 4471-22
Objet : Collecte
Message : Bonjour, {WORDS}
Fichier joint : aucun
J'accepte la politique de confidentialité : oui
"""
CHAT = f"""[10:02] Visiteur : bonjour
[10:02] Assistant : Bonjour ! Comment puis-je vous aider ?
[10:03] Visiteur : {WORDS}
[10:03] Assistant : Avez-vous porté plainte ?
Il le faut pour en recevoir une.
[10:04] Visiteur : oui, hier
"""


def test_of_a_form_what_is_wanted_is_read_and_not_who_wrote() -> None:
    assert own(FORM, channel="form") == f"N° de dossier : 4471-22\nObjet : Collecte\n{WORDS}"


def test_a_forms_message_may_stand_below_its_label() -> None:
    body = f"Nom: Pieters\nTél: 0498 11 22 33\nMessage:\nBonjour,\n{WORDS}\nIl presse.\nBien à vous\nA. Pieters\n"
    result = cleaned(body)
    assert result.own == f"{WORDS}\nIl presse."
    assert source_of(result, body, WORDS) == WORDS


def test_a_form_in_a_table_of_html_is_a_form() -> None:
    rows = {"Nom": "Pieters", "E-mail": "alix@example.org", "Sujet": "Collecte", "Votre message": WORDS}
    table = "".join(f"<tr><th>{label}</th><td>{value}</td></tr>" for label, value in rows.items())
    assert own(f"<table>{table}</table>", "html") == f"Sujet\tCollecte\n{WORDS}"


@pytest.mark.parametrize("ends", ["", " :", " *"])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_forms_labels_may_stand_above_what_was_filled_in(ends: str, gap: str) -> None:
    fields = {"Nom": "Pieters", "Prénom": "", "E-mail": "alix@example.org", "Objet": "Collecte"}
    filled = [text for label, value in fields.items() for text in (f"{label}{ends}", value) if text]
    asked = [
        "Votre message" + ends,
        f"Bonjour, {WORDS}",
        "Il presse.",
        "Fichier joint" + ends,
        "aucun",
        "IP",
        "1.2.3.4",
    ]
    body = gap.join([*filled, *asked])
    assert own(body).split() == f"Objet{ends} Collecte {WORDS} Il presse.".split()
    assert own(f"Bonjour,{gap}{body}").startswith("Nom")


def test_a_list_that_begins_like_a_form_and_asks_for_nothing_is_his_own() -> None:
    told = "Nom\nPieters\nVille\nNamur"
    assert own(told) == told


def test_a_form_in_english_and_in_dutch_is_a_form() -> None:
    assert own("First name: Alix\nEmail: a@example.org\nMessage: My bin was stolen.") == "My bin was stolen."
    assert own("Naam: Alix\nE-mail: a@example.org\nBericht: Mijn vuilnisbak is weg.") == "Mijn vuilnisbak is weg."


@pytest.mark.parametrize(
    "told",
    [
        "Voici ce que vous demandez :\nNom : Pieters\nPrénom : Alix\nVille : Namur",
        "Voici mes coordonnées :\nNom : Pieters\nAdresse : 4 rue Haute\nDemande : que ma carte y arrive.",
        "Voici mon adresse :\nRue : 7 rue Haute\nVille : Namur\nÀ partir du : 1er décembre",
    ],
)
def test_what_a_customer_lists_himself_is_no_form(told: str) -> None:
    assert own(f"Bonjour,\n{told}") == told


@pytest.mark.parametrize(
    "line", ["_" * 20_000 + "x", "a" + " " * 15_000 + "b", "* " * 9_000 + "b", "a" + " 1:00" * 3_000]
)
def test_a_long_line_of_signs_in_a_form_takes_no_time(line: str) -> None:
    body = f"Nom: a\n\nPrénom: b\n\nMessage: c\n\n{line}"
    began = time.process_time()
    cleaned(body)
    assert time.process_time() - began < 1


def test_of_a_conversation_the_customers_turns_are_read() -> None:
    result = cleaned(CHAT, channel="chat")
    assert result.own == f"{WORDS}\noui, hier"
    assert "porté plainte" in part(result, Part.QUOTE)
    assert "Il le faut" in part(result, Part.QUOTE)


def test_whose_turns_are_the_customers_is_told_by_his_own_name() -> None:
    body = f"Léa (10:02) : Bonjour, je vous écoute.\nJeanne Martineau (10:03) : {WORDS}\nLéa (10:04) : Je regarde."
    assert own(body, channel="chat") == WORDS


@pytest.mark.parametrize(
    "body",
    [
        "Mon mari : rien reçu.\nMa fille : rien reçu.\nMon mari : toujours rien.",
        "Hier au guichet :\nMoi : je viens pour mon passeport.\nL'agent : il n'est pas là.\nMoi : j'ai le SMS !",
        "Lundi : panne.\nMardi : panne encore.\nLundi suivant : rien.",
    ],
)
def test_who_tells_what_others_say_is_no_conversation(body: str) -> None:
    assert own(f"Bonjour,\n{body}") == body


def test_a_forms_own_first_and_last_lines_are_not_the_customers() -> None:
    body = f"Message reçu depuis le formulaire de contact.\n\n{FORM}\nSent from https://town.example/contact\n"
    assert own(body).endswith(WORDS)
    assert "formulaire" not in own(body)
