"""An account with some history, one wrong label planted in it, and a week of corrections that all say one new word."""

import json
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
    "Mon {word} ne bipe plus au péage, la facture est vide.",
    "Le {word} ne marche pas sur la facture du mois.",
    "Où commander un nouveau {word} ? Celui de la facture est perdu.",
    "J'ai une facture pour un {word} que je n'ai jamais reçu.",
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


def corrected_week(door: Door, queue: str = "departs") -> list[str]:
    """External ids of the week's messages, each of another sender, put by an advisor into that queue."""
    for at, said in enumerate(WEEK):
        sender = {"name": "", "address": f"semaine{at}@x.example"}
        triaged = door.triage(body=said.format(word=WORD), external_id=f"week-{at}", sender=sender)
        answer = door.put(f"/v1/messages/{triaged['id']}/queue", {"queue": queue, "by": f"advisor-{at}"})
        assert answer.json()["correction"]["state"] == "learned", answer.text
    return [f"week-{at}" for at in range(len(WEEK))]


def _line(external_id: str, text: str, queue: str) -> dict[str, str]:
    return {"id": external_id, "text": text, "queue": queue, "from": f"{external_id}@x.example"}
