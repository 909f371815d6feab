"""A small account: two queues with a few messages each, and one queue that has none."""

from service.domain.alignment import Alignment
from service.domain.answers import CannedAnswer
from service.domain.cleaned import Part, Segment
from service.domain.playbook import Flag, Playbook, Queue, Tone
from service.domain.redacted import Redacted, ours
from service.domain.votes import Vote
from service.learning.examples import Example


def redacted(text: str, subject: str = "") -> Redacted:
    segments = (Segment(Part.BODY, 0, len(text)),) if text else ()
    return Redacted(
        ours(subject), ours(text), segments, Alignment.identity(len(text)), recipient=ours("contact@club.example")
    )


def playbook() -> Playbook:
    return Playbook(
        account="petit",
        label="Petit",
        version="v1",
        queues=(
            _queue("depart", "Le membre veut quitter le club et mettre fin à son contrat."),
            _queue("vol", "Le membre signale que sa voiture a été volée."),
            _queue("adresse", "Le membre a déménagé et change d'adresse postale."),
        ),
        flags=(Flag(id="urgent", definition="Cela presse."),),
        tone=Tone(instructions=("Soyez bref.",), signature="Le club"),
    )


def answers() -> tuple[CannedAnswer, ...]:
    return (
        CannedAnswer(
            id="demenagement",
            queue="adresse",
            title="Déménagement",
            situation="Le membre annonce un déménagement.",
            body="Votre nouvelle adresse est enregistrée, {civilite}.",
        ),
    )


def examples() -> list[Example]:
    leaving = ["je veux quitter le club", "mettez fin à mon contrat", "je pars, contrat à arrêter", "je quitte le club"]
    stolen = ["on a volé ma voiture", "voiture volée hier soir", "ma voiture a été volée", "vol de mon véhicule"]
    return [
        Example(f"{queue}-{at}", redacted(f"Bonjour, {text}, urgent !" if at % 2 else text), queue, flags=_flags(at))
        for queue, texts in (("depart", leaving * 4), ("vol", stolen * 4))
        for at, text in enumerate(texts)
    ]


def silent(_: Redacted) -> Vote:
    """A keyword voter of a playbook without keywords."""
    return Vote(voter="keywords")


def _queue(queue: str, definition: str) -> Queue:
    return Queue(id=queue, label=queue, level=1, sla_hours=24, definition=definition, instructions=(definition,))


def _flags(at: int) -> tuple[str, ...]:
    return ("urgent",) if at % 2 else ()
