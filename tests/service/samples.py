"""Small values for tests of storage and desk, and a pipeline that counts what it is asked."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from service.domain.alignment import Alignment
from service.domain.answers import CannedAnswer
from service.domain.cleaned import Part, Segment
from service.domain.confirmed import Confirmed
from service.domain.decision import Alternative
from service.domain.message import Message
from service.domain.playbook import Playbook, Queue, Tone
from service.domain.redacted import Redacted, ours
from service.domain.triage import RoutedQueue, Triage, Usage, Versions

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ACCOUNT = "club"


def a_queue(queue_id: str) -> Queue:
    about = "Ce dont il s'agit."
    return Queue(id=queue_id, label=queue_id, level=1, sla_hours=24, definition=about, instructions=(about,))


def a_playbook(account: str = ACCOUNT, version: str = "v1") -> Playbook:
    queues = (a_queue("facture"), a_queue("resiliation"), a_queue("sinistre"))
    tone = Tone(instructions=("Soyez clair.",), signature="Le club")
    return Playbook(account=account, label=account, version=version, queues=queues, tone=tone)


def playbook_files(account: str = ACCOUNT, version: str = "v1") -> dict[str, str]:
    return {"account.yaml": f"{account} {version}\n", "queues/facture.yaml": "Ce dont il s'agit.\n"}


def parse(files: Any) -> Playbook:
    """The playbook that `playbook_files` stands for."""
    account, version = files["account.yaml"].split()
    return a_playbook(account, version)


def a_message(external_id: str | None = "m-1", body: str = "Où en est ma facture ?", **fields: Any) -> Message:
    return Message(external_id=external_id, body=body, **fields)


def a_triage(message: Message, triage_id: str, queue: str | None = "facture", **fields: Any) -> Triage:
    values: dict[str, Any] = {
        "id": triage_id,
        "external_id": message.external_id,
        "account": message.account or ACCOUNT,
        "created_at": NOW,
        "playbook_version": "v1",
        "engine": "local",
        "degraded": False,
        "duration_ms": 4.2,
        "outcome": "routed" if queue else "abstained",
        "outcome_reason": "confident" if queue else "unsure",
        "queue": RoutedQueue(id=queue, label=queue, level=1, sla_hours=24) if queue else None,
        "confidence": 0.93 if queue else 0.4,
        "alternatives": (Alternative(queue=queue or "facture", probability=0.93 if queue else 0.4),),
        "secondary": (),
        "flags": (),
        "language": "fr",
        "evidence": (),
        "reason": "Le message parle d'une facture.",
        "draft": None,
        "no_draft_reason": "Aucune réponse type.",
        "usage": Usage(),
        "versions": Versions(playbook="v1"),
    }
    return Triage(**{**values, **fields})


class CountingPipeline:
    """Concludes `queue`, after `delay_s`, or raises what it is told to."""

    def __init__(self, delay_s: float = 0.0, queue: str | None = "facture") -> None:
        self.asked: list[str] = []
        self.delay_s = delay_s
        self.queue = queue
        self.error: Exception | None = None

    async def __call__(self, message: Message, triage_id: str) -> Triage:
        self.asked.append(triage_id)
        await asyncio.sleep(self.delay_s)
        if self.error is not None:
            raise self.error
        return a_triage(message, triage_id, self.queue)


def prepare(message: Message, playbook: Playbook) -> Redacted:
    text = message.body.replace("Dupont", "[[PERSONNE_1]]")
    segments = (Segment(Part.BODY, 0, len(text)),)
    return Redacted(subject=ours(message.subject), text=ours(text), segments=segments, alignment=Alignment())


def a_confirmed(external_id: str, queue: str = "facture", body: str = "Ma facture, Dupont", **fields: Any) -> Confirmed:
    return Confirmed(message=a_message(external_id, body, received_at=NOW), queue=queue, **fields)


def an_answer(answer_id: str, body: str = "Votre facture est prête.", queue: str = "facture") -> CannedAnswer:
    return CannedAnswer(id=answer_id, queue=queue, title="Facture", situation="Facture demandée", body=body)
