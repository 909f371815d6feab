"""Drafts that wishes are granted in: what tests of wishes share."""

from dataclasses import replace

from service.domain.draft import Paragraph
from service.phrases import load_phrases
from service.pipeline.redraft.keeping import Start
from service.pipeline.redraft.rework import Setting, reworked
from service.pipeline.redraft.shorter import Matter
from service.pipeline.redraft.wishes import understood
from service.settings import PROMPTS
from tests.service.samples import a_playbook, an_answer

ANSWER = an_answer("a", "La pièce manquante, celle du {date}, est {piece}.").model_copy(
    update={"situation": "Le client demande où en est son remboursement."}
)
MATTER = Matter.of(["Où en est mon remboursement ?"], [ANSWER])
GREETING, CLOSING = "Bonjour Madame Petit,", "Bien cordialement,\n{conseiller}\nLe club"
NEEDED = (
    "Votre dossier {numero_dossier} est complet.",
    "Le virement part sous 14 jours.",
    "Si votre RIB a changé, le délai repart.",
    "Aucune retenue n'est faite.",
    "Nous vous rembourserons en une fois.",
    "Envoyez-nous votre RIB.",
    "Le remboursement suit son cours.",
    "Est-ce bien votre compte ?",
    "Pièces à joindre :",
    "- une photo du compteur",
    "Votre droit de recours reste entier.",
    "Nous sommes désolés de cette attente.",
    "Vérifiez le RIB, pour que le virement de 40 € vous parvienne.",
    "Comptez deux jours pour que votre banque l'affiche.",
    "Pour toute question sur les 40 €, appelez le 04 65 71 10 10.",
    "Vous attendez depuis trop longtemps.",
    "Dites-moi ce que vous préférez.",
    "Vous demandez 40 € ; ils vous sont dus.",
)
COMFORT = (
    "Nous espérons que tout va bien pour vous.",
    "N'hésitez pas à revenir vers nous.",
    "Cela arrive à tout le monde.",
    "Félicitations pour votre nouveau véhicule.",
    "Pour toute question : 04 65 71 10 10.",
    "Vous demandez le remboursement de {montant}.",
    "Votre message du 3 mars 2026 porte sur un remboursement.",
)


def start(*texts: str, locked: tuple[int, ...] = ()) -> Start:
    return Start(tuple(Paragraph(text=text, sources=("a",)) for text in texts), frozenset(locked))


def granted(
    before: Start, *wishes: str, language: str = "fr", sober: bool = False, call: str = "", asks_hours: bool = False
) -> list[str]:
    matter = replace(MATTER, sober=sober, asks_hours=asks_hours)
    setting = Setting(a_playbook(), matter, load_phrases(PROMPTS, language), call)
    known = [one for wish in wishes for one in understood(wish, "fr")]
    return [part.text for part in reworked(before, known, setting).paragraphs]


ANSWERED = (
    "Votre dossier {numero_dossier} est complet et le virement part sous 14 jours, par le moyen de paiement utilisé."
)
