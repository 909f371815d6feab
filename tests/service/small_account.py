"""A small account's folder: two queues, two canned answers, eight confirmed messages."""

import json
from pathlib import Path

ACCOUNT_YAML = """\
account: {account}
label: Petit compte
language: fr
timezone: Europe/Paris
tone:
  instructions: ["Soyez clair."]
  signature: "Le service"
"""

QUEUE = """\
id: {id}
label: {label}
level: 1
sla_hours: {sla}
definition: {definition}
instructions:
  - {definition}
keywords: |
  {keyword}
"""

ANSWERS = """\
answers:
  - id: facture_copie
    queue: factures
    title: Copie de facture
    situation: Le client demande une copie de sa facture.
    body: |
      Bonjour,
      Votre facture est jointe à ce message.
  - id: depart_confirme
    queue: departs
    title: Départ confirmé
    situation: Le client quitte le club et veut une confirmation.
    body: |
      Bonjour,
      Nous confirmons votre départ du club.
"""

CONFIRMED = {
    "factures": ["Où est ma facture ?", "Une copie de facture svp", "Facture de mars perdue", "Renvoyez la facture"],
    "departs": ["Je quitte le club", "Confirmez mon départ", "Je veux partir du club", "Mon départ en mai"],
}


def write_account(folder: Path, account: str = "autre") -> Path:
    (folder / "queues").mkdir(parents=True)
    (folder / "confirmed").mkdir()
    (folder / "account.yaml").write_text(ACCOUNT_YAML.format(account=account), "utf-8")
    factures = {"id": "factures", "label": "Factures", "sla": 24, "definition": "Tout sur les factures."}
    departs = {"id": "departs", "label": "Départs", "sla": 48, "definition": "Les clients qui partent."}
    (folder / "queues" / "factures.yaml").write_text(QUEUE.format(**factures, keyword="facture"), "utf-8")
    (folder / "queues" / "departs.yaml").write_text(QUEUE.format(**departs, keyword="départ"), "utf-8")
    (folder / "answers.yaml").write_text(ANSWERS, "utf-8")
    lines = [
        {"id": f"{queue}-{number}", "text": text, "queue": queue}
        for queue, texts in CONFIRMED.items()
        for number, text in enumerate(texts)
    ]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (folder / "confirmed" / "first.jsonl").write_text(text, "utf-8")
    return folder
