import pytest

from service.domain.cleaned import Part
from tests.service.pipeline.clean.letters import cleaned, own, part

WORDS = "Je voudrais un double de ma carte."
EARLIER = "Votre dossier est clos depuis mardi."

ANNOUNCEMENTS = {
    "French, Gmail": "Le lun. 3 mars 2025 à 09:12, Service client <contact@example.org> a écrit :",
    "French, wrapped": "Le lun. 3 mars 2025 à 09:12,\nService client <contact@example.org>\na écrit :",
    "French, webmail": "Le 03/03/2025 à 09:12, contact@example.org a écrit :",
    "Dutch": "Op di 17 nov. 2026 om 10:31 schreef Service <contact@example.org>:",
    "Dutch, Outlook": "Van: Service\nVerzonden: maandag 3 maart 2025 9:12\nAan: Jeanne\nOnderwerp: Dossier",
    "ticket system": "##- Merci de saisir votre réponse au-dessus de cette ligne -##",
    "ticket system, English": "##- Please type your reply above this line -##",
    "English": "On Mon, Mar 3, 2025 at 9:12 AM Service <contact@example.org> wrote:",
    "German": "Am 03.03.2025 um 09:12 schrieb Service <contact@example.org>:",
    "Spanish": "El lun, 3 mar 2025 a las 9:12, Service (<contact@example.org>) escribió:",
    "Italian": "Il giorno lun 3 mar 2025 alle ore 09:12 Service <contact@example.org> ha scritto:",
    "Portuguese": "Em seg., 3 de mar. de 2025 às 09:12, Service <contact@example.org> escreveu:",
    "Outlook, French": "De : Service client\nEnvoyé : lundi 3 mars 2025 09:12\nÀ : Jeanne Martineau\nObjet : Dossier",
    "Outlook, bold": "*De :* Service client\n*Envoyé :* lundi 3 mars 2025\n*Objet :* Votre dossier",
    "Outlook, ruled": "____________________\nDe : Service client\nEnvoyé : lundi 3 mars 2025\nObjet : Dossier",
    "Outlook, English": "From: Service\nSent: Monday, March 3, 2025 9:12 AM\nTo: Jeanne\nSubject: Your file",
    "original message": "-----Message d'origine-----\nDe : Service client\nObjet : Votre dossier",
    "original, English": "-----Original Message-----",
    "forwarded, Gmail": "---------- Message transféré ---------\nDe : Service\nDate : 3 mars 2025\nObjet : Dossier",
    "forwarded, English": "---------- Forwarded message ---------\nFrom: Service <contact@example.org>\nSubject: File",
    "forwarded, Apple": "Début du message transféré :\n\nDe: Service\nDate: 3 mars 2025\nObjet: Dossier",
    "forwarded, Notes": "----- Transféré par Service le 03/03/2025 09:12 -----\n\nDe : Service\nDate : 03/03/2025",
}


@pytest.mark.parametrize("announcement", ANNOUNCEMENTS.values(), ids=ANNOUNCEMENTS.keys())
@pytest.mark.parametrize("prefix", ["", "> "], ids=["bare", "prefixed"])
def test_what_an_announcement_introduces_is_never_the_customers_own(announcement: str, prefix: str) -> None:
    assert own(f"Bonjour,\n\n{WORDS}\n\n{announcement}\n\n{prefix}{EARLIER}\n") == WORDS


def test_answers_between_quoted_lines_stay_the_customers() -> None:
    body = (
        "Le 3 mars 2025 à 09:12, Service <contact@example.org> a écrit :\n> Quelle est votre adresse ?\n"
        "12 rue des Lilas à Brest, elle a changé en mai.\n> Et votre numéro ?\nIl n'a pas changé.\n"
    )
    assert own(body) == "12 rue des Lilas à Brest, elle a changé en mai.\nIl n'a pas changé."


def test_the_wrapped_rest_of_a_quoted_line_is_quoted() -> None:
    quoted = "> Nous vous rappelons que votre cotisation annuelle arrive à échéance\nle 3 mars\n> et vous remercions."
    body = f"{WORDS}\n\n{quoted}\n"
    assert own(body) == WORDS


def test_a_forwarded_message_is_read_where_the_customer_wrote_nothing() -> None:
    body = (
        "---------- Message transféré ---------\nDe : Paul <paul@example.org>\nObjet : panne\n\nBonjour,\n"
        "Ma voiture ne démarre plus.\nCordialement\nPaul Bertin\n"
    )
    result = cleaned(body)
    assert result.own == "Ma voiture ne démarre plus."
    assert part(result, Part.FORWARDED) == "Ma voiture ne démarre plus."


@pytest.mark.parametrize(
    "pointer", ["Voir ci-dessous", "Bonjour,\npour info.", "FYI", "Bonjour,\n\nCordialement\nJeanne Martineau"]
)
def test_words_that_only_point_below_give_way_to_what_they_point_at(pointer: str) -> None:
    assert own(f"{pointer}\n\n-----Message d'origine-----\nDe : Paul\nObjet : panne\n\n{EARLIER}") == EARLIER


def test_an_answer_below_a_forwarded_message_is_found() -> None:
    forwarded = f"---------- Message transféré ----------\nDe : Banque\nObjet : pièce\n\n{EARLIER}"
    body = f"{forwarded}\n\n---------------------\nBonjour, {WORDS}"
    assert own(body) == WORDS


def test_talking_about_what_somebody_wrote_is_no_quotation() -> None:
    body = "Votre collègue m'a écrit :\nque le dossier est clos. De : la part de qui ? Le 3 mars j'ai tout envoyé."
    assert own(body) == body


def test_a_name_and_a_date_of_the_customers_form_are_no_header_block() -> None:
    body = "Nom : Martineau\nDate : 3 mars\nObjet : carte perdue\n\nIl me faut un double."
    assert "Il me faut un double." in own(body)


def test_below_quoted_headers_alone_a_webmails_message_follows_bare() -> None:
    headers = '> Message du 16/11/26 08:55\n> De : "Service" <s@example.org>\n> A : j@example.org\n> Copie à :\n'
    body = f"{WORDS}\n\n{headers}> Objet : Dossier\n>\n>\nBonjour,\n{EARLIER}\n"
    assert own(body) == WORDS


def test_the_closing_below_answers_between_quoted_lines_is_no_answer() -> None:
    body = "Le 3 mars 2025 à 9:00, Service a écrit :\n> Votre compteur ?\n1 284 m3.\n> Cordialement\nBonne journée\n"
    assert own(body) == "1 284 m3."


QUOTED = f"> Bonjour,\n>\n> {WORDS}\n> Merci d'avance\n>\n> Le 1 mars 2025 à 9:00, Service a écrit :\n>> {EARLIER}\n"


@pytest.mark.parametrize(
    "announcement",
    [
        "Le 3 mars 2025 à 9:00, Paul <p@example.org> a écrit :\n",
        "Début du message transféré :\n\n> De: Paul <p@example.org>\n> Date: 3 mars 2025\n> Objet: carte\n>\n",
    ],
    ids=["replied", "forwarded"],
)
def test_what_is_forwarded_behind_marks_is_read_without_marks_headers_and_politeness(announcement: str) -> None:
    result = cleaned(announcement + QUOTED)
    assert result.own == WORDS
    assert EARLIER in part(result, Part.QUOTE)


def test_a_list_of_the_customers_own_is_no_block_of_headers() -> None:
    told = "Je voudrais réserver :\nDe : Paris\nÀ : Bruxelles\nDate : 12 décembre\nQuel en est le prix ?"
    assert own(f"Bonjour,\n{told}\n") == told


def test_answers_said_to_stand_inside_the_quoted_text_are_looked_for_there() -> None:
    quoted = "De : Service\nEnvoyé : lundi 3 mars 2025\nObjet : Dossier\n\nQuel voyant est rouge ? Le deuxième"
    assert own(f"Bonjour,\nMes réponses en rouge ci-dessous.\n\n{quoted}\n") == "Quel voyant est rouge ? Le deuxième"


@pytest.mark.parametrize(
    "pointer",
    ["Merci de traiter la demande ci-dessous.", "Pouvez-vous donner suite au mail de ce client ci-dessous ? Merci"],
)
def test_a_colleague_who_hands_a_message_on_is_not_its_customer(pointer: str) -> None:
    assert own(f"Bonjour,\n\n{pointer}\n\n> Bonjour,\n> {WORDS}\n> Merci\n") == WORDS


def test_who_asks_something_of_what_he_quotes_is_read_himself() -> None:
    asked = "Merci de traiter la demande ci-dessous avant vendredi, sinon je résilie."
    assert own(f"Bonjour,\n\n{asked}\n\n> Bonjour,\n> {WORDS}\n") == asked


GMAIL = "Le lun. 3 mars 2025 à 09:12, Service client <contact@example.org> a écrit :"


@pytest.mark.parametrize("said", [WORDS, "je veux un double de ma carte", "Écrit le 3 mars pour un double de ma carte"])
@pytest.mark.parametrize("announcement", [GMAIL, "contact@example.org a écrit :"], ids=["dated", "address"])
def test_words_on_the_line_above_an_announcement_stay_the_customers(said: str, announcement: str) -> None:
    if "3 mars" in said and announcement is not GMAIL:
        said = f"{said}."
    assert own(f"{said}\n{announcement}\n{EARLIER}") == said


@pytest.mark.parametrize(
    ("above", "announcement"),
    [
        (f"{WORDS}\n\n  ", "Le lun., mars 3, 2025 à 09:12, Service<contact@example.org> a écrit :   "),
        (f"{WORDS} ", f"{GMAIL} > "),
        ("je voudrais un double de ma carte, ecrit deja le 2 mars ", f"{GMAIL} "),
        ("I need a new card please ", "On Mon, Mar 3, 2025 at 9:12 AM Service <contact@example.org> wrote: "),
    ],
    ids=["Yahoo", "flattened", "without a full stop", "English"],
)
def test_an_announcement_amid_a_line_ends_the_customers_words(above: str, announcement: str) -> None:
    result = cleaned(f"{above}{announcement}{EARLIER}")
    assert result.own == above.strip()
    assert part(result, Part.QUOTE).endswith(EARLIER)


def test_what_somebody_wrote_told_amid_a_line_is_no_announcement() -> None:
    told = "Le 12 mars paul@example.org m'a écrit : vous serez remboursé. Or je n'ai rien reçu."
    assert own(told) == told
