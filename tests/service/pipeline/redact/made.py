"""Messages and a playbook of a made-up company, for tests of redaction, drafts and checks."""

from service.domain.alignment import Alignment
from service.domain.cleaned import Cleaned, Part, Segment
from service.domain.message import Message, Sender
from service.domain.playbook import Playbook, Queue, Tone
from service.domain.redacted import Redacted, Vault
from service.pipeline.redact import redact

FACTS = {
    "telephones": {"service_clients": "04 65 71 10 10", "etranger": "+33 1 99 00 24 24"},
    "courriels": {"contact": "contact@maison.example"},
    "site": "www.maison.example",
    "courrier": "Maison Exemple, CS 99001, 34999 Valserine-sur-Lez Cedex",
    "prix": "42,00 € par an",
    "delais": {"reponse": "sous 10 jours ouvrés", "envoi": "sous 48 h"},
    "horaires": "du lundi au vendredi de 9 h à 18 h",
}


def queue(queue_id: str, *, out_of_scope: bool = False) -> Queue:
    words = {"label": queue_id, "definition": "d", "instructions": ("i",)}
    return Queue(id=queue_id, level=1, sla_hours=24, out_of_scope=out_of_scope, **words)  # type: ignore[arg-type]


def playbook(**changes: object) -> Playbook:
    fields: dict[str, object] = {
        "account": "maison",
        "label": "Maison Exemple",
        "version": "v",
        "queues": (queue("facture"), queue("depart"), queue("autre", out_of_scope=True)),
        "tone": Tone(instructions=("Poli.",), signature="Maison", commitments=("nous vous remboursons", "sans frais")),
        "facts": FACTS,
        "identifiers": {"DOSSIER": r"\bDX-\d{4}\b"},
    }
    return Playbook(**(fields | changes))  # type: ignore[arg-type]


PLAYBOOK = playbook()


def message(body: str, name: str = "Paul Durand", address: str = "p.durand@example.org", **fields: object) -> Message:
    return Message(body=body, sender=Sender(name=name, address=address), **fields)  # type: ignore[arg-type]


def cleaned(given: Message, *, signature: str = "", language: str = "fr") -> Cleaned:
    """The body as it is, of which the end may be a signature."""
    text = given.body
    cut = len(text) - len(signature)
    parts = (Segment(Part.BODY, 0, cut), Segment(Part.SIGNATURE, cut, len(text)))
    segments = tuple(segment for segment in parts if text[segment.start : segment.end].strip())
    return Cleaned(given.subject, text, segments, Alignment.identity(len(text)), language)


def redacted(body: str, signature: str = "", name: str = "Paul Durand", **fields: object) -> tuple[Redacted, Vault]:
    given = message(body + signature, name, **fields)  # type: ignore[arg-type]
    return redact(cleaned(given, signature=signature), given, PLAYBOOK)
