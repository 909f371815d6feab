"""An account with some history, one wrong label planted in it, and a week of corrections that all say one new word."""

import json
from hashlib import sha256
from pathlib import Path

from tests.door import Door
from tests.service.small_account import QUEUE, write_account

PLANTED = "planted-label"
WORD = "télébadge"

SAID = {
    "factures": (
        "Je ne trouve pas ma facture de {month}, pouvez-vous la renvoyer ?",
        "Merci de m'envoyer une copie de la facture de {month}.",
        "La facture de {month} ne correspond pas au montant payé.",
        "Où télécharger la facture de {month} ?",
    ),
    "departs": (
        "Je souhaite quitter le club en {month}, que dois-je faire ?",
        "Confirmez mon départ du club au mois de {month}.",
        "Mon départ est prévu en {month}, je ne renouvelle pas.",
        "Je veux partir du club avant {month}.",
    ),
    "garages": (
        "Le garage agréé demande un rendez-vous en {month} pour la réparation.",
        "Quel garage peut réparer ma voiture en {month} ?",
        "Le garage n'a pas réparé la voiture malgré le rendez-vous de {month}.",
        "Prenez rendez-vous au garage pour une réparation en {month}.",
    ),
}
MONTHS = ("janvier", "mars", "avril", "juin", "septembre", "octobre")
WEEK = (
    "Bonsoir, mon {word} reste muet devant la barrière depuis lundi, pouvez-vous le renvoyer ?",
    "Le {word} collé au pare-brise ne répond plus, merci de m'envoyer un autre modèle.",
    "Où commander un {word} ? Je ne trouve pas le formulaire sur votre site.",
    "Ma fille a perdu son {word} sur la route, pouvez-vous en renvoyer une copie ?",
)
OTHER_WORD = "vignettage"
OTHER_WEEK = (
    "Bonjour, où télécharger un {word} ? Le guichet l'a refusé hier matin.",
    "Notre {word} expire bientôt, merci de m'envoyer une copie à jour.",
    "Je souhaite un {word} neuf avant dimanche, que dois-je faire ?",
    "Pouvez-vous renvoyer le {word} déjà payé ? Il n'est jamais arrivé.",
)


def write_history(folder: Path, account: str = "petit") -> Path:
    """Three queues; the planted message speaks of a garage and is recorded as a departure."""
    write_account(folder, account)
    about = {"id": "garages", "label": "Garages", "sla": 24, "definition": "Les garages agréés.", "keyword": "garage"}
    (folder / "queues" / "garages.yaml").write_text(QUEUE.format(**about), "utf-8")
    lines = [
        _line(f"{queue}-{form}-{month}", said.format(month=month), queue)
        for queue, texts in SAID.items()
        for form, said in enumerate(texts)
        for month in MONTHS
    ]
    lines.append(_line(PLANTED, "Quel garage peut réparer la voiture ? Un rendez-vous au garage en mars.", "departs"))
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (folder / "confirmed" / "first.jsonl").write_text(text, "utf-8")
    return folder


def corrected_week(door: Door, queue: str = "departs", word: str = WORD, week: tuple[str, ...] = WEEK) -> list[str]:
    """External ids of the week's messages, each of another sender, put by an advisor into that queue, and by a
    lead where that is contested."""
    ids = [f"{word}-{at}" for at in range(len(week))]
    for at, said in enumerate(week):
        sender = {"name": "", "address": _address(ids[at])}
        triaged = door.triage(body=said.format(word=word), external_id=ids[at], sender=sender)
        answer = door.put(f"/v1/messages/{triaged['id']}/queue", {"queue": queue, "by": f"advisor-{at}"})
        correction = answer.json()["correction"]
        if correction["state"] == "contested":
            said_yes = {"decision": "accepted", "by": "claire.m"}
            assert door.put(f"/v1/corrections/{correction['id']}/decision", said_yes).status_code == 200
    return ids


def _line(external_id: str, text: str, queue: str) -> dict[str, str]:
    return {"id": external_id, "text": text, "queue": queue, "from": _address(external_id)}


def _address(external_id: str) -> str:
    """One a message, without a word of it: what an address holds is taken for the sender's name."""
    return f"{sha256(external_id.encode()).hexdigest()[:10]}@x.example"
