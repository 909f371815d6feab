import pytest

from service.domain.cleaned import Part
from tests.service.pipeline.clean.letters import cleaned, own, part

WORDS = "Je voudrais un double de ma carte."


@pytest.mark.parametrize(
    "ending",
    [
        "Cordialement,\nJeanne Martineau",
        "Bien cordialement\n\nJ. Martineau\nAdhérente n° 123456\n06 39 98 00 11",
        "Merci d'avance pour votre aide\nJeanne",
        "Merci, Jeanne Martineau",
        "Veuillez agréer, Madame, Monsieur, l'expression de mes salutations distinguées.\n\nJeanne Martineau",
        "Dans l'attente de votre réponse, je vous prie de croire à l'assurance de mes sentiments les meilleurs.",
        "Kind regards,\nJeanne",
        "Mit freundlichen Grüßen\nJeanne Martineau",
        "Met vriendelijke groeten,\nJeanne Martineau",
        "Cordialement / Met vriendelijke groeten,\n\nJeanne Martineau\nSecrétaire / Secretaresse",
        "Bonne journée 🌞\nJeanne 🌸",
        "Cdt\n\nenvoyé depuis laposte.net",
        "Dit bericht is vertrouwelijk en uitsluitend bestemd voor de geadresseerde.",
        "*****\nLes informations contenues dans ce message électronique ainsi que celles contenues dans les documents\n"
        "attachés (le cas échéant) sont strictement confidentielles et à l'usage exclusif du destinataire.",
        "Un saludo,\nJeanne Martineau",
        "Grazie mille, Jeanne Martineau",
        "Obrigada,\nJeanne Martineau",
        "شكرا جزيلا\nJeanne Martineau",
        "-- \nJeanne Martineau\nArchitecte d'intérieur\n7 rue de la Préfecture, 21000 Dijon",
        "Jeanne Martineau\nAtelier Martineau – devis gratuit\nwww.example.org",
        "Envoyé de mon iPhone",
        "Jeanne\n\nEnvoyé à partir d'Outlook pour Android",
        "Sent from my Galaxy",
        "Garanti sans virus. www.example.org",
        "P Pensez à l'environnement avant d'imprimer ce message",
        "_____\nCe message et ses pièces jointes sont confidentiels et destinés à leurs seuls\n"
        "destinataires. Merci de nous avertir en cas d'erreur.",
        "Cordialement\nJeanne Martineau\n\nThis e-mail is confidential and intended for the addressee only.",
    ],
)
def test_what_ends_a_message_is_not_its_words(ending: str) -> None:
    assert own(f"Bonjour,\n\n{WORDS}\n\n{ending}\n") == WORDS


@pytest.mark.parametrize(
    "banner",
    [
        "[EXTERNE] Ce message provient de l'extérieur de l'organisation. Ne cliquez pas sur les liens.",
        "CAUTION: This email originated from outside of the organization. Do not open attachments unless you know it.",
        "Vous n'obtenez pas souvent d'e-mail à partir de jeanne@example.org. Découvrez pourquoi cela est important",
        "Opgelet: dit bericht komt van buiten de organisatie. Klik niet op links.",
    ],
)
def test_what_a_mail_system_writes_above_a_message_is_neither_read_nor_in_the_greetings_way(banner: str) -> None:
    for gap in ("\n", "\n\n"):
        assert own(f"{banner}{gap}Bonjour,\n\n{WORDS}\n") == WORDS


@pytest.mark.parametrize(
    "asked",
    [
        "Merci de me rembourser sous huit jours.",
        "Merci de m'envoyer le contrat de Jeanne Martineau à la bonne adresse.",
        "Je vous prie de bien vouloir recevoir ma demande de résiliation.",
        "Ce message est le troisième que je vous envoie.",
        "Mon dossier est confidentiel, qui l'a lu ?",
        "Il y a un virus dans votre application mobile.",
        "Ce courrier vient de votre service externe, à qui dois-je répondre ?",
        "Le message provient de l'extérieur. Je n'ai pas cliqué, que dois-je faire ?",
        "Vous m'avez envoyé depuis mars trois relances sur mon mobile.",
    ],
)
def test_a_request_that_sounds_like_an_ending_stays(asked: str) -> None:
    assert own(f"Bonjour,\n{WORDS}\n{asked}\nCordialement\nJeanne Martineau") == f"{WORDS}\n{asked}"


def test_a_postscript_below_the_signature_is_read() -> None:
    body = f"{WORDS}\nCordialement\nJeanne Martineau\n\nPS : mon adresse a changé, je suis à Brest."
    assert own(body).endswith("PS : mon adresse a changé, je suis à Brest.")


def test_a_name_after_the_last_sentence_signs() -> None:
    result = cleaned(f"Bonjour, {WORDS} Jeanne Martineau 06 39 98 00 11")
    assert result.own == WORDS
    assert part(result, Part.SIGNATURE) == "Jeanne Martineau 06 39 98 00 11"
    assert part(result, Part.GREETING) == "Bonjour, "


def test_a_short_message_is_not_taken_for_a_signature() -> None:
    assert own("Relevé d'information\nKangoo") == "Relevé d'information\nKangoo"
    assert own("Martineau") == "Martineau" or own("Martineau") == ""
